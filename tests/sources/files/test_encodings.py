"""What a file is written in that does not say so, told by the letters of its names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.sources.files.encodings import WINDOWS, fallback
from broadsheet.sources.files.readings import FileError

WESTERN = [
    "Jörg Müller",
    "José Pérez",
    "François Lefèvre",
    "Åsa Ångström",
    "Søren Kjær",
    "João Simões",
    "Íñigo Muñoz",
    "Größe Straße",
    "Benoît Côté",
    "Noël Crépu",
    "Ægir Þór",
    "Niccolò Città",
    "Mårten Öhman",
    "Émile Zoë",
    "Òscar Pàmies",
    "Ian McÉwan",
    "Col·lell",
    "Mary O’Brien",
    "Vale–Reed",
    "naïveté",
    "vís-à-vis",
    "5 µm ±3 m² £7",
    "¿Qué?",
    "Vale¹, Fisk²",
    "Žan Šulc",
    "Œuvre",
    "più così",
]
ON_A_MAC = [
    "Jörg Müller",
    "José Pérez",
    "François Lefèvre",
    "Åsa Ångström",
    "Søren Kjær",
    "João Simões",
    "Benoît Côté",
]
EASTERN = [
    "Jiří Dvořák",
    "Zdeněk Růžička",
    "Božena Kováč",
    "Lech Wałęsa",
    "Jan Michałowski",
    "Ivo Petrović",
    "Ana Kovačević",
    "Łukasz Paweł",
    "Maťo Ďuriš",
]


def file_of(names: list[str], encoding: str) -> bytes:
    return "\n".join(f"  author = {{{name}}}," for name in names).encode(encoding)


@pytest.mark.parametrize("name", WESTERN)
def test_a_western_name_alone_is_read_as_it_always_was(name):
    assert fallback(file_of([name], WINDOWS)) == WINDOWS


@given(st.lists(st.sampled_from(WESTERN), min_size=1, max_size=30))
def test_no_list_of_western_names_is_taken_for_anything_else(names):
    assert fallback(file_of(names, WINDOWS)) == WINDOWS


@given(st.lists(st.sampled_from(ON_A_MAC), min_size=1, max_size=30))
def test_names_written_on_an_old_mac_are_read_as_such(names):
    content = file_of(names, "mac-roman")
    assert content.decode(fallback(content)).splitlines() == file_of(names, "utf-8").decode().splitlines()


@given(st.lists(st.sampled_from(EASTERN), min_size=1, max_size=30))
def test_names_written_on_windows_in_eastern_europe_are_read_as_such(names):
    content = file_of(names, "cp1250")
    assert content.decode(fallback(content)) == file_of(names, "utf-8").decode()


@pytest.mark.parametrize("encoding", ["mac-roman", "cp1250"])
def test_what_the_file_says_itself_counts_for_more(encoding):
    assert fallback(f"% Encoding: {encoding}\n".encode() + file_of(WESTERN[:3], WINDOWS)) == encoding


CHINESE = [
    "王伟",
    "李小龙",
    "张学友",
    "潮汐的数值模拟与预报研究",
    "中国科学院海洋研究所",
    "深度学习在图像识别中的应用",
    "陈思",
    "徐志远",
]
OF_NO_EUROPEAN_SCRIPT = [
    ("潮の満ち引きについての研究とその応用", "euc-jp"),
    ("潮の満ち引きについての研究とその応用", "shift_jis"),
    ("조석 현상에 대한 연구와 응용 및 한국의 바다", "euc-kr"),
    ("潮汐的數值模擬與預報研究及其應用", "big5"),
]


@given(st.lists(st.sampled_from(CHINESE), min_size=4, max_size=30, unique=True).map("，".join))
def test_a_chinese_bibliography_is_read_as_such(said):
    content = f"  title = {{{said}}},\n  author = {{Vale, Ada}},\n".encode("gbk")
    assert content.decode(fallback(content)) == content.decode("gbk")


@pytest.mark.parametrize(("said", "encoding"), OF_NO_EUROPEAN_SCRIPT)
def test_what_is_no_chinese_is_not_taken_for_it(said, encoding):
    with pytest.raises(FileError, match="its encoding is not known"):
        fallback(file_of([said], encoding))
