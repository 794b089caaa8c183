"""What makes each kind of model what it is: one frozen dataclass a kind, saved with its weights.

Settings have one name everywhere: sizes are units, `learning_rate` and `batch_size` are Keras', `max_events` is the
longest window in events, `seed` decides everything that is left to chance, and `include_non_commercial` says whether
tunes were learnt from that may be used for non-commercial purposes only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class VaeConfig:
    """Everything that makes a conditional VAE what it is; saved with its weights.

    Sizes are units; `beta` weighs the KL term after `warmup_steps`; `free_nats` is the KL a latent may keep for
    nothing; `event_dropout` is the share of past events hidden from the decoder in training.
    """

    latent_dim: int = 32
    encoder_units: int = 128
    decoder_units: int = 256
    value_units: int = 16
    token_units: int = 32
    hidden_units: int = 96
    prior_units: int = 64
    beta: float = 0.2
    free_nats: float = 0.05
    warmup_steps: int = 2000
    event_dropout: float = 0.15
    learning_rate: float = 1.5e-3
    batch_size: int = 128
    max_events: int = 48
    seed: int = 1
    include_non_commercial: bool = False


@dataclass(frozen=True, slots=True)
class MarkovConfig:
    """A chain over events: `order` is how many events it looks back; `max_events` is the longest window it counted."""

    order: int = 4
    max_events: int = 48
    seed: int = 1
    include_non_commercial: bool = False


@dataclass(frozen=True, slots=True)
class AutoencoderConfig:
    """An autoencoder of step pictures: `units` for every beat, then for every measure, then `latent_dim` numbers.

    `n_sixteenths` is the picture's length. `beta` weighs the KL term after `warmup_steps`; 0 is a plain autoencoder,
    which draws no latents in training, anything above is a variational one.
    """

    n_sixteenths: int = 32
    latent_dim: int = 32
    units: tuple[int, int] = (64, 128)
    beta: float = 0.0
    warmup_steps: int = 400
    learning_rate: float = 3e-3
    batch_size: int = 64
    seed: int = 1
    include_non_commercial: bool = False


@dataclass(frozen=True, slots=True)
class DenseGanConfig:
    """The textbook pair of dense networks, trained with binary cross-entropy.

    `generator_units` follow the latent, `discriminator_units` lead to one answer; `n_sixteenths` is the picture's
    length. `batch_norm` normalises the generator's layers, `one_hot` shows the discriminator made pictures of zeros and
    ones; `leak` is the share of what is negative that a rectifier lets through.
    """

    n_sixteenths: int = 32
    latent_dim: int = 100
    generator_units: tuple[int, ...] = (128, 256, 512)
    discriminator_units: tuple[int, ...] = (512, 256)
    batch_norm: bool = True
    one_hot: bool = True
    leak: float = 0.2
    learning_rate: float = 2e-4
    batch_size: int = 64
    max_events: int = 48
    seed: int = 1
    include_non_commercial: bool = False


@dataclass(frozen=True, slots=True)
class GanConfig:
    """A convolutional pair of networks with conditions, and a regressor of attributes beside them.

    `loss` is `wasserstein` (with a gradient penalty weighed by `penalty`) or `squared` (the critic's squared error);
    `critic_steps` is how often the critic learns for each time the generator does; `attribute_weight` weighs the
    auxiliary regression of the attributes asked for; `n_sixteenths` is the picture's length, `channels` the widest
    layer of the generator. `learning_rate` is the generator's, `critic_rate` and `regressor_rate` are the others'.
    `noise` is how freely tokens are drawn in training, 1 as the probabilities say, 0 always the likeliest; `averaging`
    is how much of the kept generator stays at each step.
    """

    n_sixteenths: int = 64
    latent_dim: int = 32
    channels: int = 64
    loss: Literal["wasserstein", "squared"] = "wasserstein"
    penalty: float = 10.0
    critic_steps: int = 2
    attribute_weight: float = 2.0
    noise: float = 1.0
    averaging: float = 0.995
    learning_rate: float = 1e-3
    critic_rate: float = 1e-3
    regressor_rate: float = 2e-3
    batch_size: int = 32
    max_events: int = 48
    seed: int = 1
    include_non_commercial: bool = False


NetworkConfig = VaeConfig | AutoencoderConfig | DenseGanConfig | GanConfig
"""The kinds that are trained by gradient, with a learning rate and batches."""

Config = NetworkConfig | MarkovConfig

KINDS: dict[str, type[Config]] = {
    "vae": VaeConfig,
    "markov": MarkovConfig,
    "autoencoder": AutoencoderConfig,
    "dense_gan": DenseGanConfig,
    "gan": GanConfig,
}
"""The configuration of each kind, by the name it has in files."""


def kind_of(config: Config) -> str:
    """The name of a configuration's kind.

    >>> kind_of(MarkovConfig())
    'markov'
    """
    return next(name for name, kind in KINDS.items() if type(config) is kind)
