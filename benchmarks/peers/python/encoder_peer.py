"""Finds translations with a multilingual encoder that is installed locally.

Every article is one vector; a pair in two languages is found when each article is the
other's nearest, and their cosine reaches the threshold.
"""

import json

import numpy
from sentence_transformers import SentenceTransformer

import pile


def nearest(a, b, block=1024):
    """For every row of a, the number of the nearest row of b, and the cosine."""
    at, cosine = [], []
    for start in range(0, len(a), block):
        products = a[start : start + block] @ b.T
        best = products.argmax(axis=1)
        at.extend(best.tolist())
        cosine.extend(products[numpy.arange(len(best)), best].tolist())
    return at, cosine


def pairs(o):
    ids, texts = {"en": [], "fr": []}, {"en": [], "fr": []}
    with open(o.path, encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            if article["lang"] in ids:
                ids[article["lang"]].append(article["id"])
                texts[article["lang"]].append(article["text"])
    if not ids["en"] or not ids["fr"]:
        return
    model = SentenceTransformer(o.model)
    english, french = (
        model.encode(texts[language], normalize_embeddings=True, convert_to_numpy=True) for language in ("en", "fr")
    )
    to_french, cosine = nearest(english, french)
    to_english, _ = nearest(french, english)
    for i, j in enumerate(to_french):
        if to_english[j] == i and cosine[i] >= o.threshold:
            yield ids["en"][i], ids["fr"][j]


if __name__ == "__main__":
    given = pile.options()
    pile.write(given.out, pairs(given))
