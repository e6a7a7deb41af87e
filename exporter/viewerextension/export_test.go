package viewerextension

// NewFactoryWith returns the factory of an extension that opens its store with open.
var NewFactoryWith = newFactory
