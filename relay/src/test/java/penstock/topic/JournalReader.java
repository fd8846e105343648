package penstock.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import penstock.testkit.ParsedJson;
import penstock.topic.image.View;
import penstock.wire.MessageBuffer;

/**
 * Reads the journal in a view like a subscription of mode all: it applies the entries, and nothing else, and compares
 * the result.
 */
final class JournalReader {
    private static final String REMOVED = ",\"removed\":(\\[\"(?:[^\"\\\\]|\\\\.)*\"(?:,\"(?:[^\"\\\\]|\\\\.)*\")*\\])$";
    private final JournalRig rig;
    private final Journal journal;
    private final View view;
    private final List<Topic> topics;
    private final Map<Topic, Long> sent = new HashMap<>();
    /** Null if the value is no object. */
    private final Map<Topic, Map<String, String>> held = new HashMap<>();
    /** The last sequence of each topic that was read, shown or not. */
    private final Map<Topic, Long> read = new HashMap<>();
    /** The position of its last image. */
    private final Map<Topic, Long> imaged = new HashMap<>();
    private final MessageBuffer out = new MessageBuffer(1024);
    private boolean isHere;
    private long cursor;
    private long p;

    long gaps;
    long resumed;
    long notShown;
    long images;

    JournalReader(final JournalRig rig, final View view, final List<Topic> topics) {
        this.rig = rig;
        journal = rig.journal;
        this.view = view;
        this.topics = topics;
        hold();
        begin();
    }

    boolean isHere() {
        return isHere;
    }

    void leave() {
        isHere = false;
        for (final Topic topic : topics) {
            journal.removeReader(topic);
            if (view.delta()) {
                journal.removeJsonReader(topic);
            }
            topic.removeView(view);
        }
    }

    /** Resumes at its position, if possible. */
    void comeBack() {
        final boolean isKnown = topics.stream().allMatch(topic -> journal.resumeIndex().qAt(topic, p) >= 0);
        for (final Topic topic : topics) {
            final long at = journal.resumeIndex().qAt(topic, p);
            assertThat(at).as(topic.symbol() + " at " + p + ", read with " + read.get(topic))
                .satisfiesAnyOf(q -> assertThat(q).isEqualTo(-1), q -> assertThat(q).isEqualTo(read.get(topic)),
                    q -> assertThat(imaged.get(topic)).as("a later image").isGreaterThan(p));
        }
        hold();
        if (!isKnown) {
            begin();
            return;
        }
        resumed++;
        cursor = journal.entries().head();
        for (final Topic topic : topics) {
            final long q = journal.resumeIndex().qAt(topic, p);
            assertThat(q).as("known while it has a reader").isNotNegative();
            sent.put(topic, read.get(topic));
            final boolean isLost = q < journal.resumeIndex().overwrittenQ(topic.id());
            cursor = Math.min(cursor, isLost ? journal.entries().oldest() - 1
                : journal.entries().entryAfter(topic.id(), p));
            checkEntryAfter(topic);
        }
    }

    /** Reads that many entries of its topics. */
    void read(final int most) {
        if (!isHere) {
            return;
        }
        overtaken();
        long address = journal.entries().entry(Math.max(cursor, journal.entries().oldest()));
        for (int seen = 0; address < journal.entries().head()
                && seen < most; address = journal.entries().entry(journal.entries().end(address))) {
            final Topic topic = rig.table.topic(journal.entries().topic(address));
            if (topics.contains(topic) && journal.entries().q(address) > sent.get(topic)) {
                entry(topic, address);
                seen++;
            }
            p = journal.entries().p(address);
        }
        cursor = address;
        p = address == journal.entries().head() ? rig.table.position() : p;
    }

    /** Checks that nothing is missing. */
    void checkEnd() {
        for (final Topic topic : topics) {
            final long left = topic.q() - read.get(topic);
            assertThat(left == 0 || journal.resumeIndex().qAt(topic, p) == -1).as(topic.symbol() + " lacks " + left)
                .isTrue();
        }
    }

    private void hold() {
        isHere = true;
        for (final Topic topic : topics) {
            journal.addReader(topic);
            if (view.delta()) {
                // entries with heads and without come in turn, as these readers come and go
                journal.addJsonReader(topic);
            }
            topic.addView(view);
        }
    }

    private void begin() {
        cursor = journal.entries().head();
        p = rig.table.position();
        topics.forEach(this::image);
    }

    private void image(final Topic topic) {
        sent.put(topic, topic.q());
        read.put(topic, topic.q());
        imaged.put(topic, rig.table.position());
        held.put(topic, shown(topic, topic.q()));
    }

    /** Counts one gap for all overwritten updates; a reader of changes or of some fields restarts with images. */
    private void overtaken() {
        if (cursor >= journal.entries().oldest()) {
            return;
        }
        for (final Topic topic : topics) {
            final long lostQ = journal.resumeIndex().overwrittenQ(topic.id());
            if (lostQ > sent.get(topic)) {
                gaps++;
                sent.put(topic, lostQ);
                read.put(topic, Math.max(lostQ, read.get(topic)));
                if (!view.isFull() && !topic.channel().isEventChannel()) {
                    image(topic);
                }
            }
        }
        p = Math.max(p, journal.resumeIndex().overwrittenPosition());
    }

    private void entry(final Topic topic, final long address) {
        final long q = journal.entries().q(address);
        final String what = topic.symbol() + " q" + q + " after q" + sent.get(topic) + " in " + view;
        final long skipped = Math.min(journal.entries().skipped(address), q - sent.get(topic) - 1);
        assertThat(q - read.get(topic) - 1).as(what + ": missing updates were skipped").isEqualTo(skipped);
        assertThat(rig.carried.get(topic.id())).as(what).containsEntry(q, journal.entries().p(address));
        final long before = read.get(topic);
        read.put(topic, q);
        if (skipped > 0) {
            gaps++;
            sent.merge(topic, skipped, Long::sum);
        }
        final Map<String, String> truth = shown(topic, q);
        if (journal.projection().isShown(address, view)) {
            apply(topic, address, before, what);
        } else {
            notShown++;
            assertThat(topic.channel().isEventChannel() ? Map.of() : held.get(topic)).as(what + " is not shown")
                .isEqualTo(truth);
        }
        assertThat(topic.channel().isEventChannel() && truth != null && truth.isEmpty() ? truth : held.get(topic))
            .as(what)
            .isEqualTo(truth);
    }

    private void apply(final Topic topic, final long address, final long before, final String what) {
        final long q = journal.entries().q(address);
        final long conflated = q - sent.get(topic) - 1;
        journal.projection().append(address, topic, view, conflated, false, out.clear());
        final String text = out.toString();
        final String head = "{\"s\":\"" + topic.symbol().replace("\"", "\\\"") + "\",\"q\":" + q
            + (conflated > 0 ? ",\"c\":" + conflated : "") + ",\"v\":";
        assertThat(text).as(what).startsWith(head).endsWith("}");
        final String value = text.substring(head.length(), text.length() - 1);
        sent.put(topic, q);
        if (!value.stripLeading().startsWith("{")) {
            held.put(topic, null);
        } else if (!view.delta() || journal.projection().isImage(address, view)) {
            images += journal.projection().isImage(address, view) ? 1 : 0;
            held.put(topic, Members.of(value));
        } else {
            final Map<String, String> merged = new TreeMap<>(held.get(topic));
            final Map<String, String> was = shown(topic, before);
            final Map<String, String> changes = Members.of(withoutRemoved(value));
            assertThat(removedCount(value)).as(what + " removed fields")
                .isEqualTo(changes.values().stream().filter("null"::equals).count());
            changes.forEach((name, field) -> {
                assertThat(shown(topic, q).getOrDefault(name, "null")).as(what + ' ' + name).isEqualTo(field);
                assertThat(field).as(what + ' ' + name + " changed").isNotEqualTo(was.getOrDefault(name, "null"));
                merged.put(name, field);
                merged.values().removeIf("null"::equals);
            });
            held.put(topic, merged);
        }
    }

    /** The value in front of the names of removed fields. */
    static String withoutRemoved(final String text) {
        return text.replaceFirst(REMOVED, "");
    }

    /** How many fields the text behind a value removes. */
    static long removedCount(final String text) {
        final Matcher removed = Pattern.compile(REMOVED).matcher(text);
        return removed.find() ? ParsedJson.list(ParsedJson.parse(removed.group(1))).size() : 0;
    }

    private void checkEntryAfter(final Topic topic) {
        long oldest = journal.entries().head();
        for (long at = journal.entries().entry(journal.entries().oldest()); at < journal.entries()
                .head(); at = journal.entries().entry(journal.entries().end(at))) {
            if (journal.entries().topic(at) == topic.id() && journal.entries().p(at) > p && at < oldest
                    && journal.entries().q(at) > journal.resumeIndex().qAt(topic, p)) {
                oldest = at;
            }
        }
        assertThat(journal.entries().entryAfter(topic.id(), p)).isEqualTo(oldest);
    }

    private Map<String, String> shown(final Topic topic, final long q) {
        final Map<String, String> said = q == 0 ? Map.of() : rig.said.get(topic.id()).get((int) q - 1);
        if (said == null) {
            return null;
        }
        final Map<String, String> shown = new TreeMap<>(said);
        shown.keySet().removeIf(name -> !view.fields().isEmpty() && !view.fields().contains(name));
        return shown;
    }
}
