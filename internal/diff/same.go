package diff

import "reflect"

// same reports whether two values are so plainly equal that they need not be read.
func same(t *typeInfo, a, b reflect.Value) bool {
	switch {
	case !a.IsValid() || !b.IsValid():
		return a.IsValid() == b.IsValid()
	case t.flat && a.Equal(b):
		return true
	case t.form == formTime:
		return timeOf(a).Equal(timeOf(b))
	case t.form != formKind && t.form != formBytes:
		return false
	}
	switch a.Kind() {
	case reflect.Pointer:
		return t.elem.flat && !a.IsNil() && !b.IsNil() && a.Elem().Equal(b.Elem())
	case reflect.Slice:
		return sameElements(t, a, b)
	case reflect.Map:
		return a.Len() == 0 && b.Len() == 0
	}
	return false
}

func sameElements(t *typeInfo, a, b reflect.Value) bool {
	switch n := a.Len(); {
	case n != b.Len():
		return false
	case n == 0 || a.Pointer() == b.Pointer():
		return true
	case t.form == formBytes:
		return string(a.Bytes()) == string(b.Bytes())
	case !t.elem.flat:
		return false
	default:
		for i := range n {
			if !a.Index(i).Equal(b.Index(i)) {
				return false
			}
		}
		return true
	}
}

// isFlat reports whether values of t can be compared with ==. Where pointers
// are equal, so is what they point to.
func isFlat(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Interface:
		return false
	case reflect.Array:
		return isFlat(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if !isFlat(t.Field(i).Type) {
				return false
			}
		}
		return true
	default:
		return t.Comparable()
	}
}
