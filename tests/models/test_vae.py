"""The Keras network and its NumPy twin."""

import numpy as np
import pytest

from musicedu.encoding.events import Window
from musicedu.encoding.features import N_CONDITION, place_features
from musicedu.encoding.vocabulary import MIDDLE, VALUE_INDEX, VALUES, token_of_pitch
from musicedu.generation.decoding import Prefix
from musicedu.generation.numpy_vae import NumpyVae
from musicedu.grid import Grid
from musicedu.melody import Metre
from musicedu.models.losses import floored, kl_loss, reconstruction_loss
from musicedu.models.vae import arrays_of, build_vae
from musicedu.training.dataset import last_pitches
from musicedu.weights import VaeConfig, Weights

SMALL = VaeConfig(latent_dim=4, encoder_units=8, decoder_units=12, hidden_units=10, prior_units=6, seed=3)


@pytest.fixture(scope="module")
def model():
    return build_vae(SMALL)


@pytest.fixture(scope="module")
def twin(model):
    return NumpyVae(Weights(SMALL, arrays_of(model), {}, {}))


@pytest.fixture(scope="module")
def window():
    values = [12, 6, 6, 24, 18, 6, 12, 12, 48, 48]
    tokens = [token_of_pitch(p) for p in (60, 62, 64, 65)] + [1, token_of_pitch(67), 0, token_of_pitch(64)]
    tokens += [token_of_pitch(62), token_of_pitch(60)]
    return Window(Grid(Metre(4, 4), 4), tuple(zip((VALUE_INDEX[v] for v in values), tokens, strict=True)), False)


def batch_of(window, condition):
    values = np.array([[value for value, _ in window.events]], dtype="int32")
    tokens = np.array([[token for _, token in window.events]], dtype="int32")
    durations = np.array(VALUES)[values[0]]
    return {
        "values": values,
        "tokens": tokens,
        "last": np.array([last_pitches(tokens[0])], dtype="int32"),
        "place": place_features(window.grid)[np.cumsum(durations) - durations][None],
        "condition": condition[None],
        "mask": np.ones(values.shape, "float32"),
    }


def test_decoder_and_encoder_in_numpy_equal_keras(model, twin, window):
    rng = np.random.default_rng(0)
    condition = rng.standard_normal(N_CONDITION).astype("float32")
    z = rng.standard_normal((1, SMALL.latent_dim)).astype("float32")
    batch = batch_of(window, condition)
    value_logits, token_logits = (np.asarray(t) for t in model.decode(z, batch))
    decoder = twin.decoder(z, condition[None], window.grid)
    last = MIDDLE
    position = 0
    for index, (value, token) in enumerate(window.events):
        so_far = (batch["values"][:, :index], batch["tokens"][:, :index])
        prefix = Prefix(*so_far, np.array([position]), np.array([last]))
        np.testing.assert_allclose(decoder(prefix)[0], value_logits[0, index], atol=1e-5)
        asked = Prefix(*so_far, np.array([position]), np.array([last]), np.array([value]))
        np.testing.assert_allclose(decoder(asked)[0], token_logits[0, index], atol=1e-5)
        position += VALUES[value]
        last = token - 2 if token >= 2 else last
    for ours, theirs in zip(twin.encode(window, condition), model.encode(batch), strict=True):
        np.testing.assert_allclose(ours, np.asarray(theirs)[0], atol=1e-5)
    for ours, theirs in zip(twin.prior(condition[None]), model.prior_of(condition[None]), strict=True):
        np.testing.assert_allclose(ours, np.asarray(theirs), atol=1e-5)


def test_a_prefix_that_skips_an_event_is_refused(twin, window):
    decoder = twin.decoder(np.zeros((1, SMALL.latent_dim)), np.zeros((1, N_CONDITION)), window.grid)
    with pytest.raises(ValueError, match="one event at a time"):
        decoder(Prefix(np.zeros((1, 2), int), np.zeros((1, 2), int), np.array([0]), np.array([MIDDLE])))


def test_losses_by_hand():
    logits = np.log(np.array([[[0.5, 0.5], [0.9, 0.1]]], dtype="float32"))
    targets, mask = np.array([[0, 1]]), np.array([[1.0, 0.0]], dtype="float32")
    assert float(reconstruction_loss(logits, targets, mask)) == pytest.approx(np.log(2))
    zero = np.zeros((1, 2), dtype="float32")
    assert np.asarray(kl_loss(zero, zero, zero, zero)) == pytest.approx([0, 0])
    assert np.asarray(kl_loss(zero + 1, zero, zero, zero)) == pytest.approx([0.5, 0.5])
    assert float(floored(np.array([0.5, 0.01], dtype="float32"), 0.05)) == pytest.approx(0.55)
