"""Frames: what is compressed comes out again, by whichever dictionary, and what is damaged is told."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import zstandard

from kb.frames import Compressor, Decompressor, dictionary_id

THINGS = [
    f"the printer {number} prints blank pages after the service pack {number % 7}".encode() for number in range(700)
]


SIZE = 110_000


def trained(compressor: Compressor, things: list[bytes]) -> bytes:
    found = compressor.train(things, len(things), SIZE)
    assert found is not None
    return found


def test_what_is_compressed_comes_out_again_whatever_its_dictionary() -> None:
    compress = Compressor()
    frames = [compress(each) for each in THINGS[:10]]
    data = trained(compress, THINGS)
    frames += [compress(each) for each in THINGS[10:]]
    decompress = Decompressor({dictionary_id(data): data}.get)
    assert [decompress(frame) for frame in frames] == THINGS
    assert list(decompress.every(frames)) == THINGS
    assert list(decompress.every([])) == []


def test_a_dictionary_makes_small_frames_smaller() -> None:
    plain, compress = Compressor(), Compressor()
    trained(compress, THINGS)
    assert sum(len(compress(each)) for each in THINGS) < 0.6 * sum(len(plain(each)) for each in THINGS)


def test_a_dictionary_is_kept_small_and_is_taken_as_it_was_kept_before() -> None:
    compress = Compressor()
    data = trained(compress, THINGS)
    plain = zstandard.ZstdDecompressor().decompress(data)
    assert len(data) < len(plain) / 2
    assert dictionary_id(plain) == dictionary_id(data)
    frame = Compressor(plain)(THINGS[0])
    assert frame == Compressor(data)(THINGS[0]) == compress(THINGS[0])
    assert Decompressor({dictionary_id(data): plain}.get)(frame) == THINGS[0]


def test_a_dictionary_is_trained_when_it_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb.frames.TRAINED_AGAIN", 100)
    compress = Compressor()
    assert compress.train(THINGS, 701, SIZE) is None
    first = trained(compress, THINGS)
    assert compress.train(THINGS, 700, SIZE) is None
    for each in THINGS[:100]:
        compress(each)
    assert compress.train(THINGS[::-1], 700, SIZE) is not None
    assert Compressor(first).train(THINGS, 700, SIZE) is None


def test_an_unknown_dictionary_is_told() -> None:
    compress = Compressor()
    trained(compress, THINGS)
    decompress = Decompressor({}.get)
    with pytest.raises(ValueError, match="dictionary"):
        decompress(compress(THINGS[0]))
    with pytest.raises(ValueError, match="dictionary"):
        list(decompress.every([compress(THINGS[0])]))


@pytest.mark.parametrize("place", [0, 5, 20, -1])
def test_a_damaged_frame_is_told(place: int) -> None:
    frame = bytearray(Compressor()(b"".join(THINGS)))
    frame[place] ^= 0x55
    decompress = Decompressor({}.get)
    with pytest.raises(ValueError, match="cannot be read"):
        decompress(bytes(frame))
    with pytest.raises(ValueError, match="cannot be read"):
        list(decompress.every([Compressor()(THINGS[0]), bytes(frame)]))


def test_threads_share_one() -> None:
    things = [THINGS[number] * 2000 for number in range(8)]
    frames = [Compressor()(each) for each in things]
    decompress = Decompressor({}.get)
    with ThreadPoolExecutor(4) as threads:
        for _ in range(20):
            assert list(threads.map(decompress, frames)) == things
