/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The files of the buckets: bucket-00.pcapng and so on, in a folder. Until all are whole they are
 * called bucket-00.pcapng.part, so that half a file is never taken for one.
 */
#ifndef TCPCLOSE_BUCKET_FILES_H
#define TCPCLOSE_BUCKET_FILES_H

#include <stdbool.h>

struct bucket_files;
struct compat_record;
struct wtap;

/*
 * Makes the folder if it is not there. NULL: something is in the way, and *error says what, in a
 * sentence without its end; freed by the caller, as in the others. is_forced: bucket files that are
 * there already are replaced, in bucket_files_finish().
 */
struct bucket_files *bucket_files_new(const char *folder, unsigned count, bool is_forced,
                                      char **error);

/*
 * A packet just read from a file, the number of which is from 0: gives it the interface that it has
 * in the buckets. The record is changed.
 */
bool bucket_files_take_interface(struct bucket_files *files, unsigned number, struct wtap *from,
                                 struct compat_record *record, char **error);

/* Appends a packet. The interface of the record is as the function above left it. */
bool bucket_files_write(struct bucket_files *files, unsigned bucket,
                        const struct compat_record *record, char **error);

/* Closes and names them. False: they could not be written as a whole, and are removed. */
bool bucket_files_finish(struct bucket_files *files, char **error);

/* Frees; what is not finished is removed. */
void bucket_files_free(struct bucket_files *files);

#endif
