#pragma once
/*
 * bundle: files of YAML as they were read, their names and bytes, to be read once more without the disk.
 *
 * Who looks for a file asks here, and is told of the bundle @from, or of the disk where that is NULL. In a bundle a
 * folder is what the names of files begin with.
 */
#include "docksill/base/file.h"
#include "docksill/base/text.h"

struct bundle_file {
        struct str name; /* as it was asked for; NUL-terminated */
        struct str text;
};

struct bundle {
        struct bundle_file *items; /* a name once */
        size_t n, capacity;
};

/* Borrows both texts, which live in @arena. Returns 0 or -ENOMEM. */
must_check_ int bundle_add(struct bundle *b, struct arena *arena, struct str name, struct str text);

/* NULL: there is none. */
const struct bundle_file *bundle_find(const struct bundle *b, struct str name);

/* A file or folder. Of the disk: one that is known to be missing is not. */
bool bundle_exists(const struct bundle *from, const char *path);
bool bundle_is_folder(const struct bundle *from, const char *path);

/* As file_list(), which it is of the disk. */
must_check_ int bundle_list(const struct bundle *from, struct arena *arena, const char *folder, const char *suffix,
                            struct file_names *out);

/* All files as one text: "NAME-BYTES TEXT-BYTES", name and text on lines of their own. */
void bundle_write(struct text *out, const struct bundle *b);

/* The same back: views of @text, names copied into @arena. Returns 0, -ENOMEM, or -EBADMSG: no such text. */
must_check_ int bundle_parse(struct bundle *out, struct arena *arena, struct str text);
