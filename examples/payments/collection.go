package payments

import (
	"errors"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/activitylog-go/activitylog"
)

// A collection serves the items of one kind: those of an organisation, under
// the path parameter "org".
type collection[T any, P item[T]] struct {
	*table[T, P]
	server *server
	kind   string // "deposit_account"
	prefix string // of its ids: "dacc"
	param  string // the path parameter that has the id
}

func newCollection[T any, P item[T]](s *server, kind, prefix, param string) *collection[T, P] {
	return &collection[T, P]{new(table[T, P]), s, kind, prefix, param}
}

// newMeta returns what the server says of a new item.
func (s *collection[T, P]) newMeta(org string) Meta {
	now := s.server.now()
	return Meta{ID: s.server.newID(s.prefix), Org: org, Created: now, Updated: now}
}

// target is the item in the activity log.
func (s *collection[T, P]) target(v P) activitylog.Target {
	return activitylog.Target{Type: s.kind, ID: v.meta().ID, Name: v.name()}
}

func (s *collection[T, P]) list(c *gin.Context) {
	c.JSON(http.StatusOK, gin.H{"items": s.table.list(c.Param("org"), nil)})
}

func (s *collection[T, P]) get(c *gin.Context) {
	v, err := s.find(c)
	if err != nil {
		fail(c, err)
		return
	}
	c.JSON(http.StatusOK, v)
}

// find returns the item that the path names.
func (s *collection[T, P]) find(c *gin.Context) (T, error) {
	v, err := s.table.get(c.Param("org"), c.Param(s.param))
	if errors.Is(err, errAbsent) {
		err = refuse(http.StatusNotFound, "there is no such %s", s.noun())
	}
	return v, err
}

// noun is what people call an item of the kind.
func (s *collection[T, P]) noun() string {
	return strings.NewReplacer("_", " ", "api", "API", "fx", "FX").Replace(s.kind)
}

// exists goes in front of the handlers of one item: it ends the request if
// there is no such item, else it names the item as the event's target. It
// comes before the roles are checked, so that a denied attempt has a name too.
func (s *collection[T, P]) exists(c *gin.Context) {
	v, err := s.find(c)
	if err != nil {
		fail(c, err)
		return
	}
	event(c).AddTarget(s.target(&v))
}

// create makes an item of the body.
func (s *collection[T, P]) create(c *gin.Context) {
	var v T
	if err := readJSON(c, &v); err != nil {
		fail(c, err)
		return
	}
	s.add(c, v)
}

// add keeps a new item and answers with it.
func (s *collection[T, P]) add(c *gin.Context, v T) {
	if s.keep(c, &v) {
		c.JSON(http.StatusCreated, v)
	}
}

// keep gives a new item an id and keeps it, or answers with what is wrong.
func (s *collection[T, P]) keep(c *gin.Context, v P) bool {
	*v.meta() = Meta{}
	v.complete()
	err := valid(v)
	if err == nil {
		*v.meta() = s.newMeta(c.Param("org"))
		err = s.insert(*v)
	}
	if errors.Is(err, errTaken) {
		err = refuse(http.StatusConflict, "the %s exists already", s.noun())
	}
	if err != nil {
		v.meta().ID = "" // it was never anybody's
		event(c).AddTarget(s.target(v))
		fail(c, err)
		return false
	}
	event(c).AddTarget(s.target(v))
	return true
}

// replace puts the body in the place of an item (PUT).
func (s *collection[T, P]) replace(c *gin.Context) {
	var next T
	if err := readJSON(c, &next); err != nil {
		fail(c, err)
		return
	}
	s.change(c, func(T) (T, error) { return next, nil })
}

// patch changes the fields of an item that the body names (PATCH).
func (s *collection[T, P]) patch(c *gin.Context) {
	body, err := readBody(c)
	if err != nil {
		fail(c, err)
		return
	}
	s.change(c, func(now T) (T, error) { return merge(now, body) })
}

// change puts what f makes of an item in its place and answers with it. What
// the server says of the item stays, so that a client may send back what it read.
func (s *collection[T, P]) change(c *gin.Context, f func(T) (T, error)) {
	before, after, err := s.update(c.Param("org"), c.Param(s.param), s.next(f))
	if err != nil {
		fail(c, err)
		return
	}
	addChanges(event(c), before, after)
	c.JSON(http.StatusOK, after)
}

// next makes of f, which changes an item, what the table is to keep of it.
func (s *collection[T, P]) next(f func(T) (T, error)) func(T) (T, error) {
	return func(now T) (T, error) {
		next, err := f(now)
		if err != nil {
			return now, err
		}
		*P(&next).meta() = *P(&now).meta()
		P(&next).meta().Updated = s.server.now()
		P(&next).complete()
		return next, valid(P(&next))
	}
}

func (s *collection[T, P]) remove(c *gin.Context) {
	if err := s.delete(c.Param("org"), c.Param(s.param)); err != nil {
		fail(c, err)
		return
	}
	c.Status(http.StatusNoContent)
}

// valid returns what is wrong with an item as an error.
func valid[T any, P item[T]](v P) error {
	if errs := v.invalid(); len(errs) > 0 {
		return errs
	}
	return nil
}
