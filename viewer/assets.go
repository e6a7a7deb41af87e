package viewer

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"
)

//go:embed assets
var assetFiles embed.FS

// An asset is a file that the pages load. Its name holds a hash of its
// content, so that it may be cached for ever.
type asset struct {
	content     string
	contentType string
}

var contentTypes = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
}

// assets holds the assets by their hashed names, assetNames the hashed names
// by the plain ones.
var assets, assetNames = hashAssets()

func hashAssets() (map[string]asset, map[string]string) {
	byName, names := map[string]asset{}, map[string]string{}
	entries, _ := fs.ReadDir(assetFiles, "assets") // compiled in: cannot fail
	for _, entry := range entries {
		content, _ := fs.ReadFile(assetFiles, "assets/"+entry.Name())
		ext := path.Ext(entry.Name())
		sum := sha256.Sum256(content)
		hashed := strings.TrimSuffix(entry.Name(), ext) + "." + hex.EncodeToString(sum[:6]) + ext
		byName[hashed] = asset{string(content), contentTypes[ext]}
		names[entry.Name()] = hashed
	}
	return byName, names
}

func (h *handler) serveAsset(w http.ResponseWriter, r *http.Request, name string) error {
	a, ok := assets[name]
	if !ok {
		return errPage
	}
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	w.Header().Set("Content-Type", a.contentType)
	http.ServeContent(w, r, "", time.Time{}, strings.NewReader(a.content))
	return nil
}
