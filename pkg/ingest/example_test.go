package ingest_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/calque-dev/calque/pkg/ingest"
)

func ExampleRead() {
	feed := strings.NewReader(`{"id": "afp-1", "body": "Les pilotes sont en grève.", "lang": "fr-FR"}
{"id": "afp-2", "body": ""}
{"id": "afp-3"`)
	opts := ingest.Options{Stdin: feed, Fields: map[string]string{"text": "body"}}
	for a, err := range ingest.Read(context.Background(), []string{"-"}, opts) {
		if err != nil {
			fmt.Println("left out:", err)
			continue
		}
		fmt.Println(a.ID, a.Language, a.Text)
	}
	// Output:
	// afp-1 fr Les pilotes sont en grève.
	// left out: stdin:2: empty text
	// left out: stdin:3: broken JSON at byte 14: unexpected end of JSON input
}
