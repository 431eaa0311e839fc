// Package archive remembers articles on disk and answers "have we seen this?".
//
// In come articles, in any order, number and portions; each is told its relations to all
// that are archived, and is safe on disk when it was told. What the archive holds is a
// function of its articles: however they came, Pairs are those that dedupe.Scan finds
// among them. Check gives the relations of an article that is not added, and Search finds
// articles by their words, in English, in French and across the two.
//
// Below lies package store: one bleve index with the texts, the words, the keys by which
// candidates are found, and beside each article what the graph needs to know of it. The
// graph of this package is made of wordings (articles that say the same in the same
// words), the lists of partners that each proposes (candidates), and edges (candidates
// that were compared and have something to say to one another). A new article changes
// only the lists it gets on. One Archive writes; any number, also in other processes,
// read meanwhile what is safe.
package archive
