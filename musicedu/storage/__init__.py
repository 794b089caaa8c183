"""Writing to disk: all of it or nothing, and one line that says what to do when the disk refuses."""

from musicedu.storage.disk import cache_folder, storage_faults
from musicedu.storage.writing import atomic_file, atomic_folder, write_atomically

__all__ = ["atomic_file", "atomic_folder", "cache_folder", "storage_faults", "write_atomically"]
