// Command dedupe finds copies, edited copies and translations of news articles, in
// English and French, in large piles of articles.
package main

import (
	"os"

	"github.com/calque-dev/calque/cmd/dedupe/internal/cli"
)

func main() { os.Exit(cli.Main(os.Args[1:])) }
