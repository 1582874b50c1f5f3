/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A statistics tree of Wireshark's own. It can count but not take back, and what a stream is may
 * change with each of its segments: so each stream counts once, by the final word, at the time of
 * its first selected segment. Wireshark and sharkd fill a tree while they read the file again, when
 * the records are final; for tshark, which may read it only once, the tree is filled when it is
 * drawn.
 */
#include "tree.h"

#include <stdio.h>

#include <epan/stats_tree_priv.h>

#include "outcome.h"
#include "tshark.h"
#include "units.h"
#include "wscompat.h"

static const char ABBREVIATION[] = "tcpclose";
static const char STREAMS[] = "Streams";

static void
create_nodes(stats_tree *tree)
{
    stats_tree_create_node(tree, STREAMS, 0, STAT_DT_INT, true);
}

/* Nodes are found by their parent and name, and made where they are not. */
static void
count(stats_tree *tree, const struct stream *stream, int64_t end_ns)
{
    int streams = tick_stat_node(tree, STREAMS, 0, true);
    struct outcome outcome = outcome_of(stream, end_ns);
    int pattern = tick_stat_node(tree, pattern_name(outcome.pattern), streams, true);

    tick_stat_node(tree, closer_name(outcome.closed_by), pattern, false);
}

/* ---- tshark ---- */

static int
compare_positions(const void *a, const void *b)
{
    const struct stream_entry *entry = *(struct stream_entry *const *)a;
    const struct stream_entry *other = *(struct stream_entry *const *)b;

    return entry->position < other->position ? -1 : entry->position > other->position;
}

/* stats_tree_free() leaves what the root owns. */
static void
free_tree(stats_tree *tree)
{
    g_free(tree->root.name);
    tree->root.name = NULL;
    g_free(tree->root.bh); /* never counted up: one bucket */
    tree->root.bh = NULL;
    stats_tree_free(tree);
}

static void
draw(const struct tshark_run *run)
{
    stats_tree *tree = stats_tree_new(stats_tree_get_cfg_by_abbr(ABBREVIATION), NULL, run->filter);
    GPtrArray *streams = stream_entries_sorted(&run->selection.entries);
    GString *text;

    create_nodes(tree);
    g_ptr_array_sort(streams, compare_positions);
    for (unsigned i = 0; i < streams->len; i++) {
        const struct stream_entry *entry =
            (const struct stream_entry *)g_ptr_array_index(streams, i);

        tree->now = (double)(entry->noted_ns - run->input.begin_ns) / (double)NS_PER_MS;
        if (i == 0)
            tree->start = tree->now;
        count(tree, entry->stream, run->input.end_ns);
    }
    tree->now = (double)(run->selection.newest_ns - run->input.begin_ns) / (double)NS_PER_MS;
    tree->elapsed = tree->now - tree->start;
    text = stats_tree_format_as_str(tree, ST_FORMAT_PLAIN, stats_tree_get_default_sort_col(tree),
                                    stats_tree_is_default_sort_DESC(tree));
    fputs(text->str, stdout);
    g_string_free(text, TRUE);
    free_tree(tree);
    g_ptr_array_unref(streams);
}

/* ---- Wireshark, sharkd ---- */

static wmem_map_t *counted; /* stats_tree -> GHashTable, the numbers of the streams that it has */

static void
cleanup(stats_tree *tree)
{
    GHashTable *streams = (GHashTable *)wmem_map_remove(counted, tree);

    if (streams)
        g_hash_table_destroy(streams);
}

/* Before each reading of the file. */
static void
init(stats_tree *tree)
{
    cleanup(tree);
    create_nodes(tree);
    wmem_map_insert(counted, tree, g_hash_table_new(NULL, NULL));
}

static tap_packet_status
take_segment(stats_tree *tree, packet_info *pinfo G_GNUC_UNUSED, epan_dissect_t *edt G_GNUC_UNUSED,
             const void *tapped, tap_flags_t flags G_GNUC_UNUSED)
{
    const struct tcpclose_tap *tap = (const struct tcpclose_tap *)tapped;
    GHashTable *streams = (GHashTable *)wmem_map_lookup(counted, tree);

    if (!g_hash_table_add(streams, GUINT_TO_POINTER(tap->stream_id)))
        return TAP_PACKET_DONT_REDRAW;
    count(tree, tap->stream, tap->end_ns);
    return TAP_PACKET_REDRAW;
}

/* In tshark the report gets the tree's name: the first to register a name has it. */
void
tree_register(void)
{
    static const struct tshark_report report = {
        .name = "tcpclose,tree", .title = "TCP Close Pattern Tree", .draw = draw};

    counted = wmem_map_new(wmem_epan_scope(), g_direct_hash, g_direct_equal);
    stats_tree_register_plugin("tcpclose", ABBREVIATION, "TCP Close Pattern Tree", 0, take_segment,
                               init, cleanup);
    tshark_register(&report);
}
