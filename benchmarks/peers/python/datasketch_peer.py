"""Finds near-duplicates with datasketch: MinHash and its LSH index."""

from functools import partial

from datasketch import LeanMinHash, MinHash, MinHashLSH

import pile


def sign(lines, words, permutations):
    ids, sets = [], []
    for article, found in pile.tokens(lines, words):
        ids.append(article)
        sets.append([s.encode() for s in found])
    return list(zip(ids, map(LeanMinHash, MinHash.bulk(sets, num_perm=permutations))))


def pairs(o):
    lsh = MinHashLSH(threshold=o.threshold, num_perm=o.permutations)
    signatures = {}
    for article, signature in pile.signed(o.path, partial(sign, words=o.words, permutations=o.permutations)):
        for other in lsh.query(signature):
            if signature.jaccard(signatures[other]) >= o.threshold:
                yield other, article
        lsh.insert(article, signature)
        signatures[article] = signature


if __name__ == "__main__":
    given = pile.options()
    pile.write(given.out, pairs(given))
