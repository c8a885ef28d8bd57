package api

import (
	"maps"

	"github.com/danielgtaylor/huma/v2"
)

const bearer = "bearer"

// document is the frame of the OpenAPI document.
func document() huma.Config {
	c := huma.DefaultConfig("Linli", "1")
	c.OpenAPIPath, c.DocsPath, c.SchemasPath = "", "", "" // served by pages.go
	c.CreateHooks = nil                                   // no $schema fields
	c.Formats = map[string]huma.Format{
		"application/json": jsonFormat,
		"json":             jsonFormat, // problem+json
	}
	c.RejectUnknownQueryParameters = true
	c.Info.Description = "Pairs volunteers with people in need and keeps the pairing alive (邻里)."
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		bearer: {Type: "http", Scheme: "bearer", Description: "A token that begins with linli_."},
	}
	c.Security = []map[string][]string{{bearer: {}}}
	return c
}

// loosenAnswers lets answers grow: clients must pass over fields that they do
// not know, while what they send is taken to the letter.
func loosenAnswers(doc *huma.OpenAPI) {
	sent := map[*huma.Schema]bool{}
	for _, item := range doc.Paths {
		for _, op := range []*huma.Operation{item.Post, item.Put, item.Patch} {
			if op != nil && op.RequestBody != nil {
				for _, media := range op.RequestBody.Content {
					collect(doc, media.Schema, sent)
				}
			}
		}
	}
	for s := range maps.Values(doc.Components.Schemas.Map()) {
		if !sent[s] {
			s.AdditionalProperties = nil
		}
	}
}

// collect adds a schema and everything that it refers to.
func collect(doc *huma.OpenAPI, s *huma.Schema, to map[*huma.Schema]bool) {
	if s == nil {
		return
	}
	if s.Ref != "" {
		s = doc.Components.Schemas.SchemaFromRef(s.Ref)
	}
	if to[s] {
		return
	}
	to[s] = true
	collect(doc, s.Items, to)
	for _, p := range s.Properties {
		collect(doc, p, to)
	}
}
