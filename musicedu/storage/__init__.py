"""Writing to disk: all of it or nothing, and one line that says what to do when the disk refuses."""

from musicedu.storage.caches import cache_folder
from musicedu.storage.faults import storage_faults
from musicedu.storage.files import atomic_file, write_atomically
from musicedu.storage.folders import atomic_folder

__all__ = ["atomic_file", "atomic_folder", "cache_folder", "storage_faults", "write_atomically"]
