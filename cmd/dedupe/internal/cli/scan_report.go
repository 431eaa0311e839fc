package cli

import (
	"context"

	"github.com/calque-dev/calque/pkg/dedupe"
	"github.com/calque-dev/calque/pkg/report/page"
)

// writeReport writes the web page of --report, if it was asked for.
func writeReport(ctx context.Context, files *outputs, result *dedupe.Result) error {
	f := files.of("--report")
	if f == nil {
		return nil
	}
	return page.Write(ctx, f, result, page.Options{Rejected: result.Rejected, Candidates: result.Candidates})
}
