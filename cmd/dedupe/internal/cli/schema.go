package cli

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/calque-dev/calque/pkg/report/schema"
)

func newSchemaCommand(s *Streams) *cobra.Command {
	return &cobra.Command{
		Use:   "schema [NAME]",
		Short: "Show the JSON Schema of an output",
		Long: `Schema prints the JSON Schema (draft 2020-12) of an output that is JSON, or of what every command
reads. Without NAME it lists what there is. Objects may have more than a schema names, as
later versions may: pass over what you do not know.` + exitHelp,
		Example: `  dedupe schema
  dedupe schema pair`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usagef("schema wants one name; found %d", len(args))
			}
			return nil
		},
		ValidArgsFunction: cobra.FixedCompletions(schema.Names(), cobra.ShellCompDirectiveNoFileComp),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return listSchemas(s)
			}
			return showSchema(args[0], s)
		},
	}
}

// showSchema prints a schema as it is.
func showSchema(name string, s *Streams) error {
	if !slices.Contains(schema.Names(), name) {
		return usagef("no schema %q (want %s)", name, strings.Join(schema.Names(), ", "))
	}
	text, err := schema.Of(name)
	if err != nil {
		return err
	}
	_, err = s.Out.Write(text)
	return err
}

// listSchemas prints the names, and what each is of.
func listSchemas(s *Streams) error {
	out := tabwriter.NewWriter(s.Out, 0, 0, 2, ' ', 0)
	for _, name := range schema.Names() {
		text, err := schema.Of(name)
		if err != nil {
			return err
		}
		var of struct {
			Description string `json:"description"`
		}
		if err := json.Unmarshal(text, &of); err != nil {
			return fmt.Errorf("schema %s: %w", name, err)
		}
		fmt.Fprintf(out, "%s\t%s\n", name, of.Description)
	}
	return out.Flush()
}
