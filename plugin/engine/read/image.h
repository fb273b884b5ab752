#pragma once
/*
 * image: the image that a request is about; the facts image.*.
 */
#include "reading.h"

/* Fills image.* from @reference, as a client names an image in @field, and adds it to facts.images; an empty one leaves
 * them as they are. */
void image_read(struct reading *in, const char *field, struct go_string reference);

/* Adds to facts.image_names what an image is called from now on; an empty @reference is no name. @source: the name that
 * it had. */
void image_named(struct reading *in, struct origin origin, struct str reference, struct fact_str source);

/* Adds an image that is mounted to facts.images alone. */
void image_mounted(struct reading *in, struct origin origin, struct str reference);

/* Adds an image to a list of struct image_fact; an empty @reference is none. */
void image_listed(struct fact_list *out, struct arena *arena, struct origin origin, struct str reference);
