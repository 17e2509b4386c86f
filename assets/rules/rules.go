// Package rules holds the rules a station asks when its office sent none, cases
// that show what each does, and the words that rules, forms and records share.
package rules

import _ "embed"

// Default is the default set: a JSON list of rules, as `syncserver rules load`
// reads it. docs/rules.md says where each comes from.
//
//go:embed default.json
var Default []byte

// Cases are the default set's cases, a JSON line each, as `syncserver rules test`
// reads them.
//
//go:embed cases.jsonl
var Cases []byte

// Purposes are the codes of what a journey is for, as records and rules have
// them; texts are under "purpose.<code>". Those before "study" are the essential
// ones of the default rules.
var Purposes = []string{"work", "goods", "medical", "official", "food", "home", "family", "study", "travel", "other"}

// Vehicles are the codes of vehicle types; texts are under "vehicle.<code>".
var Vehicles = []string{"motorbike", "car", "bus", "truck", "ambulance", "other"}

// Symptoms are the codes of symptoms a person declares; texts are under
// "symptom.<code>".
var Symptoms = []string{"fever", "cough", "breath", "taste"}
