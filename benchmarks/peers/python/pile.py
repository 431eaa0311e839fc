"""What the Python peers have in common: options, articles, shingles and pairs."""

import argparse
import json
import multiprocessing
import re
from itertools import islice

WORD = re.compile(r"[^\W_]+")


def options():
    """The options of every peer."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--in", dest="path", required=True, help="articles, JSON lines")
    parser.add_argument("--out", required=True, help="pairs, CSV")
    parser.add_argument("--words", type=int, default=3, help="words in a shingle")
    parser.add_argument("--permutations", type=int, default=128, help="hashes in a signature")
    parser.add_argument("--threshold", type=float, default=0.5, help="least similarity of a pair")
    parser.add_argument("--model", help="folder of a multilingual encoder")
    return parser.parse_args()


def shingles(text, n):
    """The runs of n words in a text, or all its words if they are fewer.

    A word is a run of letters and digits, in lower case.
    """
    words = WORD.findall(text.lower())
    if 0 < len(words) < n:
        return {" ".join(words)}
    return {" ".join(words[i : i + n]) for i in range(len(words) - n + 1)}


def tokens(lines, n):
    """The ids and shingles of the articles on some lines; those without words are left out."""
    for line in lines:
        article = json.loads(line)
        found = shingles(article["text"], n)
        if found:
            yield article["id"], found


def chunks(path, size=500):
    """The lines of a file, some at a time."""
    with open(path, encoding="utf-8") as lines:
        while chunk := list(islice(lines, size)):
            yield chunk


def signed(path, sign):
    """The ids and signatures that sign gives for some lines, on all processors."""
    with multiprocessing.Pool() as pool:
        for part in pool.imap(sign, chunks(path)):
            yield from part


def write(path, pairs):
    """Writes pairs of ids."""
    with open(path, "w", encoding="utf-8") as out:
        out.write("a,b\n")
        for a, b in pairs:
            out.write(f"{a},{b}\n")
