package page_test

import (
	"bytes"
	"context"
	"fmt"
	"log"
	"strings"

	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/ingest"
	"github.com/calque-dev/calque/pkg/report/page"
)

func Example() {
	ctx := context.Background()
	detector, err := dedupe.New(dedupe.Options{Features: true}) // so that verdicts are explained as they were found
	if err != nil {
		log.Fatal(err)
	}
	result, err := detector.Scan(ctx, ingest.Read(ctx, []string{"../../../fixtures/stories"}, ingest.Options{}))
	if err != nil {
		log.Fatal(err)
	}
	defer result.Close()
	var html bytes.Buffer
	if err := page.Write(ctx, &html, result, page.Options{Rejected: result.Rejected}); err != nil {
		log.Fatal(err)
	}
	fmt.Println(strings.SplitN(html.String(), "\n", 2)[0])
	// Output: <!DOCTYPE html>
}
