#pragma once
/*
 * journal-entry: a line of the record file, told to the journal: a sentence for people, fields for programs.
 *
 * Names, users and images are foreign text: they are shown as text_add_visible() shows them, and cut.
 */
#include "docksill/base/arena.h"
#include "docksill/base/text.h"
#include "docksill/record/journal-wants.h"
#include "journal-kind.h"

#define ENTRY_MEMORY ((size_t)4 * 1024 * 1024) /* of the arena for one line */

/**
 * journal_entry_add() - append the entry for @line
 * @entry: failed, as text is, when there is no memory for it
 * @arena: scratch; reset
 * @line:  as in the file, with or without its newline
 *
 * Returns whether @wants is for it. What is no line of docksill's is for nobody.
 */
bool journal_entry_add(struct text *entry, struct arena *arena, struct str line, enum journal_wants wants);

/* The entry that says how many are missing before it. */
void journal_entry_add_missed(struct text *entry, uint64_t missed);
