"""Finds near-duplicates with rensa: R-MinHash and its LSH index."""

from functools import partial

from rensa import RMinHash, RMinHashLSH

import pile


def sign(lines, words, permutations):
    ids, sets = [], []
    for article, found in pile.tokens(lines, words):
        ids.append(article)
        sets.append(list(found))
    return list(zip(ids, RMinHash.from_token_sets(sets, permutations, 42)))


def bands(threshold, permutations):
    """The fewest bands that catch pairs of the threshold rather than miss them."""
    for b in range(1, permutations + 1):
        if permutations % b == 0 and (1 / b) ** (b / permutations) <= threshold:
            return b
    return permutations


def pairs(o):
    ids, signatures = [], []
    for article, signature in pile.signed(o.path, partial(sign, words=o.words, permutations=o.permutations)):
        ids.append(article)
        signatures.append(signature)
    lsh = RMinHashLSH(o.threshold, o.permutations, bands(o.threshold, o.permutations))
    lsh.insert_many(signatures)
    for i, found in enumerate(lsh.query_all(signatures)):
        for j in found:
            if j < i and signatures[i].jaccard(signatures[j]) >= o.threshold:
                yield ids[j], ids[i]


if __name__ == "__main__":
    given = pile.options()
    pile.write(given.out, pairs(given))
