#pragma once
/*
 * image-ref: an image reference, split and normalised as dockerd does it.
 *
 * distribution/reference normalize.go. "nginx" is docker.io/library/nginx; the first component is a
 * registry if it holds '.' or ':' or is "localhost"; a whole id (64 hex digits, or sha256:…) names an image without a
 * registry. A short id is a name: dockerd looks for a tag of that name first.
 */
#include "docksill/base/arena.h"
#include "docksill/base/str.h"

struct image_ref {
        struct str registry; /* "docker.io"; empty for an id */
        struct str name;     /* "docker.io/library/nginx"; of an id: the id */
        struct str tag;      /* empty: none */
        struct str digest;   /* "sha256:…"; empty: none */
        bool id;             /* a bare image id */
};

/* Views of @text or of @arena; without memory .name is empty. Anything is split, also what dockerd would refuse. */
void image_ref_parse(struct image_ref *out, struct arena *arena, struct str text);

/**
 * image_ref_shown() - the part of @text that may be shown, and that names an image
 *
 * What stands before an '@' without a digest behind it is no part of a reference; dockerd refuses such a one, and
 * people have put user and password there. A view of @text.
 */
struct str image_ref_shown(struct str text);

/**
 * image_path_shown() - the same of a request's decoded path
 *
 * "/images/user:secret@r.example/app/push" is "/images/r.example/app/push". Any path: what is sent to the wrong one
 * holds as much of a secret. Returns @path, or a copy in @arena; when that is full what stands behind the '@'.
 */
struct str image_path_shown(struct arena *arena, struct str path);
