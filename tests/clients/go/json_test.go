package clients

import (
	"encoding/json"
	"fmt"
	"reflect"
	"testing"
)

// jsonDiffers returns where an answer differs from the expected one, "" if nowhere. Answers may have additional
// members, lists must have the same length, and null equals a missing member.
func jsonDiffers(want, got []byte) string {
	var wanted, gotten interface{}
	if err := json.Unmarshal(want, &wanted); err != nil {
		return fmt.Sprintf("expectation: %v", err)
	}
	if err := json.Unmarshal(got, &gotten); err != nil {
		return fmt.Sprintf("answer: %v in %s", err, got)
	}
	return valueDiffers("", wanted, gotten)
}

func valueDiffers(path string, want, got interface{}) string {
	switch want := want.(type) {
	case map[string]interface{}:
		got, ok := got.(map[string]interface{})
		if !ok {
			break
		}
		for name, value := range want {
			if difference := valueDiffers(path+"/"+name, value, got[name]); difference != "" {
				return difference
			}
		}
		return ""
	case []interface{}:
		got, ok := got.([]interface{})
		if !ok {
			break
		}
		if len(got) != len(want) {
			return fmt.Sprintf("%s has %d elements, want %d", path, len(got), len(want))
		}
		for index, value := range want {
			if difference := valueDiffers(fmt.Sprintf("%s/%d", path, index), value, got[index]); difference != "" {
				return difference
			}
		}
		return ""
	}
	if !reflect.DeepEqual(want, got) {
		return fmt.Sprintf("%s is %v, want %v", path, got, want)
	}
	return ""
}

func TestJSONDiffers(t *testing.T) {
	for _, example := range []struct{ want, got, difference string }{
		{`{"a": 1}`, `{"a": 1.0, "b": 2}`, ""},
		{`{"a": null}`, `{}`, ""},
		{`{"a": {"b": ["x"]}}`, `{"a": {"b": ["y"]}}`, "/a/b/0 is y, want x"},
		{`{"a": []}`, `{"a": ["x"]}`, "/a has 1 elements, want 0"},
		{`{"a": {}}`, `{"a": "x"}`, "/a is x, want map[]"},
		{`{"a": 1}`, `{}`, "/a is <nil>, want 1"},
	} {
		if got := jsonDiffers([]byte(example.want), []byte(example.got)); got != example.difference {
			t.Errorf("%s and %s: got %q, want %q", example.want, example.got, got, example.difference)
		}
	}
}
