#pragma once
/*
 * walk: a JSON text gone through once, of which only some members matter.
 *
 * Each of these reads exactly the one value that comes next. One of another kind than is asked for is passed over, so
 * that what a scanner's next version changes is not read, and does no harm. False ends the walk: no JSON, or too much.
 */
#include "docksill/wire/json.h"

struct walk {
        struct json json;
        unsigned depth;
};

typedef bool walk_member(struct walk *w, void *to, struct str key);
typedef bool walk_item(struct walk *w, void *to);

void walk_init(struct walk *w, struct arena *arena, struct str text);

bool walk_skip(struct walk *w);
bool walk_string(struct walk *w, struct str *out);
bool walk_flag(struct walk *w, bool *out);
bool walk_count(struct walk *w, unsigned *out);

/* @member reads the value of each member. */
bool walk_object(struct walk *w, void *to, walk_member *member);

/* @item reads each. */
bool walk_array(struct walk *w, void *to, walk_item *item);

/* What scanners write as a list in one version or form, and as a map in another; of a map the keys do not matter. Of
 * anything else @item reads it as it stands. */
bool walk_each(struct walk *w, void *to, walk_item *item);

/* Nothing but white space is left. */
bool walk_ended(struct walk *w);
