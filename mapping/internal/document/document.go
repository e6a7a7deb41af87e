package document

// A Document is a mapping file with those that it includes.
//
// The tags of a field are its key in YAML and, for readers and for the schema,
// doc, what it is for; enum, the words that it takes; otherwise, what to do if
// the value is none of them; pattern and keys, for editors, the form of the
// value and of its keys; required, that it must be there; main, that only the
// main file may say it.
type Document struct {
	Pos           Pos         `yaml:"-"`
	Keys          []Text      `yaml:"-"` // of the main file, in its order
	Files         []string    `yaml:"-"` // the file and those that it includes, as problems name them
	Version       Text        `yaml:"version" doc:"Version of the format: 1." enum:"1" otherwise:": this program knows no other format: update it, or write the file for version 1" required:"true"`
	Include       []Text      `yaml:"include" doc:"Further mapping files, relative to this one, whose words, verbs, classes, events and routes are added."`
	Catalogue     Text        `yaml:"catalogue" doc:"The shipped catalogue of codes that the file's events are added to: payments (the default), or none." enum:"payments,none" main:"true"`
	StripPrefixes []Text      `yaml:"strip_prefixes" doc:"Paths at the beginning of routes that are no part of a resource's name, such as /api/v1. Rules may leave them out." pattern:"path" main:"true"`
	Tenant        *Tenant     `yaml:"tenant" doc:"Where the tenant of an event is found." main:"true"`
	Infer         Text        `yaml:"infer" doc:"What becomes of a mutating route that no rule names: on infers its code, warn infers it and says so, off makes no event of it." enum:"on,warn,off" main:"true"`
	EventNames    Text        `yaml:"event_names" doc:"The form of the log record's EventName: code (org.member:updated), or dotted (org.member.updated) for tools that refuse colons." enum:"code,dotted" main:"true"`
	Delivery      Text        `yaml:"delivery" doc:"How events are delivered where a route does not say otherwise." enum:"best_effort,durable,intent,sync,outbox" main:"true"`
	Words         Map[Text]   `yaml:"words" doc:"Path segment to resource word, where the singular in snake case is not it: {commerce: com}."`
	Verbs         Map[Text]   `yaml:"verbs" doc:"Path segment to verb in the past tense: {change-role: role_changed}."`
	Classify      Map[Text]   `yaml:"classify" doc:"What captured fields are, by name (iban) or JSON pointer (/user/email): personal, secret (its values are never kept) or public (it only looks like one of the others)." enum:"personal,secret,public"`
	Events        Map[*Event] `yaml:"events" doc:"The catalogue: the codes that the application can emit." keys:"code"`
	Routes        Map[*Route] `yaml:"routes" doc:"Rules by method and route: POST /orgs/{org}/members." keys:"route"`
}

// Place returns where the main file has a key, such as routes; where the file
// begins, if it does not have it.
func (d *Document) Place(key string) Pos {
	for _, k := range d.Keys {
		if k.Value == key {
			return k.Pos
		}
	}
	return d.Pos
}

// A Tenant says where the tenant is found.
type Tenant struct {
	Path Text `yaml:"path" doc:"The path parameter that names the tenant." required:"true"`
}

// An Event is a code of the catalogue.
type Event struct {
	Title        Text              `yaml:"title" doc:"What happened, in a few words: Team member invited."`
	Sentence     []Sentence        `yaml:"sentence" doc:"The event in a sentence. Of several, the first that has all its values is used."`
	Attempt      []Sentence        `yaml:"attempt" doc:"The sentence of an event that was denied or failed."`
	When         *When             `yaml:"when" doc:"When the sentence is used; otherwise the grammar of codes tells the event."`
	Severity     Text              `yaml:"severity" doc:"The least severity of the log record." enum:"debug,info,warn,error,fatal"`
	Aliases      []Text            `yaml:"aliases" doc:"Former names of the code. Events that are stored under them are read as this one."`
	EmittedBy    Text              `yaml:"emitted_by" doc:"What emits the code if no route does: a job, a consumer, a command."`
	Translations Map[*Translation] `yaml:"translations" doc:"Title and sentences in other languages, by language tag: de, pt-BR."`
}

// A Translation is what an event says in another language.
type Translation struct {
	Title    Text       `yaml:"title" doc:"The title in this language."`
	Sentence []Sentence `yaml:"sentence" doc:"The sentence in this language."`
	Attempt  []Sentence `yaml:"attempt" doc:"The sentence of an event that was denied or failed, in this language."`
}

// A Sentence is a template with the condition of its use. In YAML it is a text
// or, with a condition, {when: …, text: …}.
type Sentence struct {
	When *When `yaml:"when" doc:"When the sentence is used: by status, outcome and changed only."`
	Text Text  `yaml:"text" doc:"The sentence with placeholders such as {actor} and {target}." required:"true"`
}

// A Route is the rule for one method and route.
type Route struct {
	Pos       Pos       `yaml:"-"`
	Code      Text      `yaml:"code" doc:"The event's code, such as org.member:invited." pattern:"code"`
	Cases     []*Case   `yaml:"cases" doc:"One route, many codes: the first case that holds decides. The last one has no condition; without it there may be no event."`
	Ignore    Text      `yaml:"ignore" doc:"The route is no event, for this reason."`
	Tenant    []Text    `yaml:"tenant" doc:"Where this route has its tenant: path.NAME, query.NAME, request.POINTER or response.POINTER."`
	Target    *Target   `yaml:"target" doc:"What it was done to."`
	Targets   []*Target `yaml:"targets" doc:"What it was done to, if to several; the first is the primary one."`
	Each      Text      `yaml:"each" doc:"One event for each element of this array, as in request./payouts, or request if the body is the array; item./id is a value of the element, item the element itself."`
	Result    *Result   `yaml:"result" doc:"What the body of the response says of the outcome: of each element, with each, else of the request."`
	Operation []Text    `yaml:"operation" doc:"Where the id of an operation is found that takes several requests, as in response./job: their events have it in operation.id, and a 202 is of unknown outcome."`
	Changes   *Changes  `yaml:"changes" doc:"What becomes of the changes that the handler tells, by JSON pointer."`
	Delivery  Text      `yaml:"delivery" doc:"How the route's events are delivered." enum:"best_effort,durable,intent,sync,outbox"`
}

// A Result says where the body of a response tells an outcome that its status
// does not. Its pointers are those of fields of a result: of the response or,
// with each, of the element's own.
type Result struct {
	Pos     Pos    `yaml:"-"`
	In      Text   `yaml:"in" doc:"With each: the results, as in response./results; in the order of the elements unless by or index is given. Left out if the elements are the results."`
	By      Text   `yaml:"by" doc:"The field of a result that has the id of its element: /id. An object of results has the ids as keys."`
	Item    Text   `yaml:"item" doc:"The field of the element that has its id, if it is not called as in by."`
	Index   Text   `yaml:"index" doc:"The field of a result that has the index of its element, from 0: /index."`
	Missing Text   `yaml:"missing" doc:"The outcome of an element without a result: success where only errors are listed. The default is unknown." enum:"success,denied,failure,unknown"`
	Status  []Text `yaml:"status" doc:"The field that tells the outcome: an HTTP status (404, 201 Created), a word (ok, failed) or a boolean; of several, the first that has a value."`
	Error   []Text `yaml:"error" doc:"A field that is there, and not empty, if it failed: /error."`
	Reason  []Text `yaml:"reason" doc:"The field that says why it failed or was denied: /error/message."`
	Type    []Text `yaml:"type" doc:"The field that has the class of the failure: /error/code. The default is the status."`
	Success []Text `yaml:"success" doc:"Values of the status that stand for success; \"*\" is any that is not listed."`
	Denied  []Text `yaml:"denied" doc:"Values of the status that say that it was not allowed."`
	Failure []Text `yaml:"failure" doc:"Values of the status that stand for a failure."`
	Unknown []Text `yaml:"unknown" doc:"Values of the status of what has not ended yet."`
}

// A Case is a code and when it holds.
type Case struct {
	When *When `yaml:"when" doc:"When the case holds; always, if left out."`
	Code Text  `yaml:"code" doc:"The event's code." pattern:"code" required:"true"`
}

// A When is a condition. Everything that it says must hold; of a list, one
// element.
type When struct {
	Pos      Pos         `yaml:"-"`
	Status   []Text      `yaml:"status" doc:"Status of the response: 404, or a class such as 4xx."`
	Outcome  []Text      `yaml:"outcome" doc:"Outcome of the request." enum:"success,denied,failure,unknown"`
	Changed  []Text      `yaml:"changed" doc:"JSON pointers of which one has changed: [/role]."`
	Request  Map[[]Text] `yaml:"request" doc:"Values in the JSON body of the request: {/status: [inactive, disabled]}; \"*\" is any value."`
	Response Map[[]Text] `yaml:"response" doc:"Values in the JSON body of the response."`
	Item     Map[[]Text] `yaml:"item" doc:"Values in the element of the array that each names."`
	Query    Map[[]Text] `yaml:"query" doc:"Values of query parameters: {action: restart}."`
	Header   Map[[]Text] `yaml:"header" doc:"Values of request headers. Headers that carry credentials cannot be asked for."`
}

// A Target is what an action was done to. Id and name are path.NAME,
// query.NAME, request.POINTER, response.POINTER or item.POINTER; of several,
// the first that has a value.
type Target struct {
	Pos  Pos    `yaml:"-"`
	Type Text   `yaml:"type" doc:"The kind of thing: member."`
	ID   []Text `yaml:"id" doc:"Where its id is found: path.member, response./id."`
	Name []Text `yaml:"name" doc:"Where its name is found: request./email."`
}

// A Changes says what becomes of the changes of a route.
type Changes struct {
	From   Text   `yaml:"from" doc:"request: what the request body sets is a change, with the new value only, if the handler tells none." enum:"handler,request"`
	Track  []Text `yaml:"track" doc:"Only changes at or below these JSON pointers are kept."`
	Ignore []Text `yaml:"ignore" doc:"Changes at or below these JSON pointers are dropped."`
	Secret []Text `yaml:"secret" doc:"That these changed is kept, their values never."`
}

// IsEmpty reports whether the condition says nothing.
func (w *When) IsEmpty() bool {
	return len(w.Status)+len(w.Outcome)+len(w.Changed)+len(w.Request)+len(w.Response)+len(w.Item)+len(w.Query)+len(w.Header) == 0
}

// MakesEvent reports whether the rule says anything of an event.
func (r *Route) MakesEvent() bool {
	return r.Code.IsSet() || len(r.Cases) > 0 || len(r.Tenant) > 0 || r.Target != nil || len(r.Targets) > 0 ||
		r.Each.IsSet() || r.Result != nil || len(r.Operation) > 0 || r.Changes != nil || r.Delivery.IsSet()
}

// AllTargets returns the targets, of which a rule may have one or several.
func (r *Route) AllTargets() []*Target {
	if r.Target != nil {
		return append([]*Target{r.Target}, r.Targets...)
	}
	return r.Targets
}

// Of returns the document that a *mapping.Mapping was made of; nil for the
// mapping that is in force without a file. Package mapping sets it: its users
// are to see the mapping, and only the packages below it the file.
var Of func(m any) *Document
