package penstock.topic;

import penstock.ring.TickPublisher;
import penstock.ring.TopicState;
import penstock.rows.RowBuilder;
import penstock.rows.RowText;
import penstock.topic.image.View;
import penstock.wire.MessageBuffer;

/**
 * Shows the journal's entries in the view of a subscription. Owned by the shard's io thread; one for all readers of the
 * journal.
 */
public final class JournalProjection {
    private final JournalEntries entries;
    private final EntryView entryView = new EntryView();
    private final ProjectionCache cache = new ProjectionCache();

    JournalProjection(final JournalEntries entries) {
        this.entries = entries;
    }

    /** True if the entry sends the whole value to a view that sends changes otherwise: its changes are unknown. */
    public boolean isImage(final long address, final View view) {
        return entries.isImage(address)
            || view.delta() && entries.changedBytes(address) == JournalEntries.UNKNOWN_CHANGES
                && EntryView.isObject(entries.ring(), entries.valueAt(address));
    }

    /** True if the view shows something of the entry. An entry whose changes are unknown counts as shown. */
    public boolean isShown(final long address, final View view) {
        return view.fields().isEmpty() || entries.changedBytes(address) == JournalEntries.UNKNOWN_CHANGES
            || excerpt(address, view).isShown;
    }

    /**
     * Adds the protocol's entry, of that topic, as the view shows it; {@code conflated} updates before it were not
     * shown; {@code isLost}: the feed was lost since, so the entry is stale.
     */
    public void append(final long address, final Topic topic, final View view, final long conflated,
            final boolean isLost, final MessageBuffer out) {
        final boolean hasHead = entries.hasHead(address);
        if (hasHead && view.isFull() && conflated == 0 && !isLost) {
            entries.append(address, out);
            return;
        }
        if (hasHead) {
            EntryView.appendHead(out, entries.ring(), entries.textAt(address), entries.valueAt(address),
                conflated, isLost);
        } else {
            topic.head().append(out, entries.q(address), entries.timeUs(address), state(address, isLost), conflated);
        }
        appendValue(address, view, out);
        out.put('}');
    }

    /** Adds the value of the entry as the view shows it, and behind it the names of removed fields. */
    public void appendValue(final long address, final View view, final MessageBuffer out) {
        if (view.fields().isEmpty()) {
            appendValue(address, entries.valueAt(address), view, out);
        } else {
            final ProjectionCache.Excerpt excerpt = excerpt(address, view);
            out.put(excerpt.text.bytes(), 0, excerpt.text.length());
        }
    }

    /**
     * Adds the same as a row, for a message of {@code tsUs}; the entry has no image. What is made for one reader alone
     * is not kept.
     */
    public void appendRow(final long address, final View view, final long conflated, final boolean isLost,
            final Topic topic, final long tsUs, final MessageBuffer out) {
        final RowBuilder row = topic.channel().row();
        final TopicState state = state(address, isLost);
        if (!entries.isShared(address)) {
            beginRow(address, topic, conflated, state, tsUs, out);
            encodeRow(address, view, row, out);
            out.put(']');
            return;
        }
        final ProjectionCache.Excerpt excerpt =
            cache.find(address, ~view.number(), entries.bytes(address) + Math.max(0, entries.changedBytes(address)));
        if (!excerpt.entry.append(out, view, state, address, conflated, tsUs)) {
            final int from = out.length();
            beginRow(address, topic, conflated, state, tsUs, out);
            if (!excerpt.claim(address, ~view.number())) {
                encodeRow(address, view, row, excerpt.text.clear());
            }
            out.put(excerpt.text.bytes(), 0, excerpt.text.length()).put(']');
            excerpt.entry.keep(out, from, view, state, address, conflated, tsUs);
        }
    }

    private TopicState state(final long address, final boolean isLost) {
        final TopicState stored = entries.state(address);
        return isLost && stored == TopicState.LIVE ? TopicState.STALE : stored;
    }

    private void beginRow(final long address, final Topic topic, final long conflated, final TopicState state,
            final long tsUs, final MessageBuffer out) {
        final long timeUs = entries.timeUs(address);
        RowText.beginEntry(out, topic.rowHead(), conflated + 1, timeUs != TickPublisher.NO_TIME, tsUs - timeUs);
        if (state != TopicState.LIVE) {
            RowText.putState(out, state == TopicState.CLOSED);
        }
    }

    private void encodeRow(final long address, final View view, final RowBuilder row, final MessageBuffer out) {
        final int end = entries.textAt(address) + entries.bytes(address);
        final int valueAt = entries.valueAt(address);
        final boolean isChange = view.delta() && entries.changedBytes(address) >= 0;
        if (isChange && entries.removedBytes(address) > 0
            || !entryView.appendRow(out, entries.ring(), isChange ? end : valueAt,
                isChange ? entries.changedBytes(address) : end - 1 - valueAt, view, row)) {
            RowBuilder.beginValue(out);
            appendValue(address, valueAt, view, out);
            RowBuilder.endValue(out);
        }
    }

    private ProjectionCache.Excerpt excerpt(final long address, final View view) {
        final int changed = entries.changedBytes(address);
        final ProjectionCache.Excerpt excerpt =
            cache.find(address, view.number(), entries.bytes(address) + changed);
        if (!excerpt.claim(address, view.number())) {
            final int end = entries.textAt(address) + entries.bytes(address);
            final int value = entries.valueAt(address);
            excerpt.isShown = changed >= 0 ? entryView.isShown(entries.ring(), end, changed, view)
                : entryView.isShown(entries.ring(), value, end - 1 - value, view);
            appendValue(address, value, view, excerpt.text.clear());
        }
        return excerpt;
    }

    private void appendValue(final long address, final int value, final View view, final MessageBuffer out) {
        final int end = entries.textAt(address) + entries.bytes(address);
        final int changed = view.delta() && !entries.isImage(address) ? entries.changedBytes(address) : -1;
        if (changed >= 0) {
            entryView.appendValue(out, entries.ring(), end, changed, view);
            if (entries.removedBytes(address) > 0) {
                entryView.appendRemoved(out, entries.ring(), end + changed, entries.removedBytes(address), view);
            }
        } else {
            entryView.appendValue(out, entries.ring(), value, end - 1 - value, view);
        }
    }
}
