"""Ways of finding near-duplicates: each takes texts and gives tables of (first, second, score), one for each kind of score."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np

COSINE = 0.3  # pairs less alike than this are not looked for
Scores = dict[str, np.ndarray]


def ours(texts: Sequence[str], code: str) -> Scores:
    """Containment of rare shingles and TF-IDF cosine, from one index."""
    from mangrove.similarity import Limits, TextIndex

    index = TextIndex.of((str(number), text) for number, text in enumerate(texts))
    limits = Limits(share=0.02, cosine=COSINE, shared=8)
    found = [(int(one.first), int(one.second), one.share, one.cosine) for one in index.pairs(limits)]
    table = np.array(found).reshape(-1, 4)
    # What is below a limit of its own is in the table for its other score, and not all such pairs are
    kept = {"containment": table[table[:, 2] >= limits.share], "TF-IDF": table[table[:, 3] >= limits.cosine]}
    return {"containment": kept["containment"][:, :3], "TF-IDF": kept["TF-IDF"][:, [0, 1, 3]]}


def minhash(texts: Sequence[str], code: str) -> Scores:
    """MinHash with 128 permutations and LSH at 0.3; the score is the estimated Jaccard coefficient."""
    from datasketch import MinHash, MinHashLSH

    lsh = MinHashLSH(threshold=0.3, num_perm=128)
    hashes = MinHash.bulk([_shingles(text, code) for text in texts], num_perm=128)
    for number, made in enumerate(hashes):
        lsh.insert(number, made)
    pairs = {(min(a, b), max(a, b)) for a, made in enumerate(hashes) for b in lsh.query(made) if a != b}
    return {"": np.array([(a, b, hashes[a].jaccard(hashes[b])) for a, b in sorted(pairs)])}


def scikit(texts: Sequence[str], code: str) -> Scores:
    """TF-IDF of scikit-learn, exact product, in blocks of 500 texts."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    cut = {"analyzer": "char", "ngram_range": (3, 3)} if code == "zh" else {"ngram_range": (1, 2)}
    weights = TfidfVectorizer(dtype=np.float32, **cut).fit_transform(texts)
    tables = []
    for begin in range(0, len(texts), 500):
        product = (weights[begin : begin + 500] @ weights.T).tocoo()
        kept = (product.data >= COSINE) & (product.row + begin < product.col)
        tables.append(np.column_stack((product.row[kept] + begin, product.col[kept], product.data[kept])))
    return {"": np.concatenate(tables)}


def _shingles(text: str, code: str) -> list[bytes]:
    """Eight characters or five words in a row, as those of ours."""
    plain = re.sub(r"[\W_]+", "" if code == "zh" else " ", text.lower())
    parts: Sequence[str] = plain if code == "zh" else plain.split()
    long = 8 if code == "zh" else 5
    return ["".join(parts[begin : begin + long]).encode() for begin in range(len(parts) - long + 1)]


METHODS: dict[str, Callable[[Sequence[str], str], Scores]] = {
    "Mangrove": ours,
    "datasketch MinHash, LSH": minhash,
    "scikit-learn TF-IDF": scikit,
}
