// Package browser tests the page of package report/page in a browser: a headless Chromium,
// driven by chromedp. It is a module of its own, so that importers of the library do not
// get chromedp. Without Chromium its tests are skipped.
package browser
