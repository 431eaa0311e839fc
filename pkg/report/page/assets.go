package page

import (
	"bufio"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"io/fs"
	"strings"
)

//go:embed assets
var assets embed.FS

// The style and the script are cut into files by what they are about; these are put
// together in this order. The functions of all scripts stand in one scope.
var (
	styles  = []string{"base.css", "list.css", "pair.css", "overview.css", "print.css"}
	scripts = []string{
		"words.js", "french.js", "dom.js", "inflate.js", "store.js", "select.js", "list.js", "charts.js", "matrix.js", "overview.js",
		"pair.js", "texts.js", "groups.js", "app.js",
	}
)

// joined is the files put together.
func joined(names []string) (string, error) {
	var b strings.Builder
	for _, name := range names {
		content, err := fs.ReadFile(assets, "assets/"+name)
		if err != nil {
			return "", err
		}
		b.Write(content)
	}
	return b.String(), nil
}

// hashOf names a script or style in the page's policy.
func hashOf(content string) string {
	sum := sha256.Sum256([]byte(content))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// writeHead writes the page down to where the tables begin.
func writeHead(out *bufio.Writer) error {
	style, err := joined(styles)
	if err != nil {
		return err
	}
	script, err := joined(scripts)
	if err != nil {
		return err
	}
	style, script = "\n"+style, "\n\"use strict\";\n(() => {\n"+script+"})();\n"
	body, err := fs.ReadFile(assets, "assets/body.html")
	if err != nil {
		return err
	}
	// Nothing is loaded, not even from the page's own folder, and nothing else is run.
	policy := fmt.Sprintf("default-src 'none'; script-src %s; style-src %s; base-uri 'none'; form-action 'none'",
		hashOf(script), hashOf(style))
	_, err = fmt.Fprintf(out, `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="%s">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="dedupe">
<meta name="color-scheme" content="light dark">
<title>Calque</title>
<style>%s</style>
<script>%s</script>
</head>
%s`, policy, style, script, body)
	return err
}

// writeFoot ends the page.
func writeFoot(out *bufio.Writer) error {
	_, err := out.WriteString("</body>\n</html>\n")
	return err
}
