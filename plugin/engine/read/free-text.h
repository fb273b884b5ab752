#pragma once
/*
 * free-text: texts in which people, by mistake, leave credentials; the list `texts`.
 */
#include "reading.h"

/*
 * Adds each item of @strings (of struct go_string), which stand in @field; one behind an option such as --password once
 * more, with the option before it.
 */
void texts_read(struct reading *in, const char *field, const struct go_list *strings);

/* Adds the value of each pair of @map (a string map). */
void texts_read_map(struct reading *in, const char *field, const struct go_list *map);

/* Adds @text, which stands in @field; an empty one is none. */
void text_read(struct reading *in, const char *field, struct str text);
