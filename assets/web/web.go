// Package web embeds the office's pages: html/template files, the style sheet
// and the scripts. Nothing is fetched from elsewhere when a page is shown;
// ORIGIN.md says where the scripts that are not ours come from.
package web

import "embed"

// Templates are the pages, under templates/.
//
//go:embed templates
var Templates embed.FS

// Static are the files a browser asks for, under static/.
//
//go:embed static
var Static embed.FS
