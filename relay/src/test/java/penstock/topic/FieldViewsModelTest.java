package penstock.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import penstock.ring.UpdateKind;
import penstock.testkit.Seeds;
import penstock.topic.image.View;
import penstock.wire.MessageBuffer;

/**
 * Random objects, and readers with views of all kinds. A reader applies the updates that it is sent at random moments;
 * it must always hold the true fields.
 */
class FieldViewsModelTest {
    private static final String[] NAMES = {"a", "b\"", "c\u00fc", "d", "e", "f", "g"};
    private static final String[] VALUES = {"1", "1.0", "\"x,}\"", "[1,{\"a\":2}]", "{\"b\":[]}", "true"};

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    private final TreeMap<String, String> truth = new TreeMap<>();
    private final Map<String, Long> changed = new HashMap<>();
    private String plain;
    private long noObjectUntil;
    private String place;

    @ParameterizedTest
    @ValueSource(strings = {"last-value", "merge", "event"})
    void shouldShowEachReaderTheTrueFields(final String conflation) {
        for (final long seed : seeds.rounds(60)) {
            final Random random = Seeds.random(seed);
            final TopicRig rig = new TopicRig(conflation);
            truth.clear();
            changed.clear();
            plain = null;
            noObjectUntil = 0;
            final List<Reader> readers = new ArrayList<>();
            for (int step = 0; step < 400; step++) {
                place = "step " + step;
                final TreeMap<String, String> before = plain == null ? new TreeMap<>(truth) : null;
                publish(rig, random, conflation);
                checkChanged(rig, before);
                if (random.nextInt(20) == 0 && readers.size() < 8) {
                    readers.add(new Reader(rig, view(random, !conflation.equals("event")), conflation));
                }
                if (random.nextInt(30) == 0 && !readers.isEmpty()) {
                    rig.topic().removeView(readers.remove(random.nextInt(readers.size())).view);
                }
                assertThat(rig.topic().hasViews()).as(place)
                    .isEqualTo(readers.stream().anyMatch(reader -> !reader.view.isFull()));
                for (final Reader reader : readers) {
                    if (random.nextInt(3) == 0) {
                        reader.read();
                    }
                }
            }
        }
    }

    private void publish(final TopicRig rig, final Random random, final String conflation) {
        final long q = rig.topic().q() + 1;
        if (!conflation.equals("merge") && random.nextInt(25) == 0) {
            plain = new String[] {"[{\"a\":1}]", "\"{\"", "7", "null"}[random.nextInt(4)];
            noObjectUntil = q;
            truth.clear();
            changed.clear();
            rig.publish(UpdateKind.FULL, plain);
            return;
        }
        final boolean isDelta = conflation.equals("merge") && random.nextInt(8) > 0;
        final TreeMap<String, String> next = isDelta ? new TreeMap<>(truth) : new TreeMap<>();
        final StringBuilder text = new StringBuilder(" {");
        if (!isDelta && random.nextBoolean()) {
            next.putAll(truth);
        }
        for (int i = random.nextInt(3); i >= 0; i--) {
            final int name = random.nextInt(NAMES.length);
            if (random.nextInt(3) == 0) {
                next.remove(NAMES[name]);
            } else {
                next.put(NAMES[name], VALUES[random.nextInt(VALUES.length)]);
            }
        }
        for (final String name : NAMES) {
            final String value = next.get(name);
            final boolean gone = isDelta && value == null && truth.containsKey(name);
            if (gone || value != null && (!isDelta || !value.equals(truth.get(name)) || random.nextInt(4) == 0)) {
                text.append(text.length() > 2 ? " , " : "").append(key(name)).append(" : ")
                    .append(gone ? "null" : value);
            }
            if (value == null ? truth.containsKey(name) : !value.equals(truth.get(name))) {
                changed.put(name, q);
            }
        }
        plain = null;
        truth.clear();
        truth.putAll(next);
        rig.publish(isDelta ? UpdateKind.DELTA : UpdateKind.FULL, text.append('}').toString());
    }

    /** Checks the changes of the newest update alone. */
    private void checkChanged(final TopicRig rig, final TreeMap<String, String> before) {
        final MessageBuffer out = new MessageBuffer(64);
        if (!rig.topic().appendChanged(out)) {
            assertThat(out.length()).as(place).isZero();
            return;
        }
        assertThat(plain).as(place).isNull();
        assertThat(before).as(place).isNotNull();
        final TreeMap<String, String> sent = Members.of(out.toString());
        assertThat(sent.keySet()).as(place).allMatch(name -> changed.get(name) == rig.topic().q());
        before.putAll(sent);
        before.values().removeIf("null"::equals);
        assertThat(before).as(place).isEqualTo(truth);
    }

    private static View view(final Random random, final boolean mayBeDelta) {
        final List<String> fields = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            fields.add(random.nextInt(10) == 0 ? "never" : NAMES[random.nextInt(NAMES.length)]);
        }
        return new View(fields, mayBeDelta && random.nextBoolean(), 0);
    }

    private static String key(final String name) {
        return '"' + name.replace("\"", "\\\"") + '"';
    }

    /** Applies the updates that it is sent, and nothing else. */
    private final class Reader {
        private final TopicRig rig;
        private final View view;
        private final boolean isEventChannel;
        private final boolean isMerge;
        private final long since;
        private TreeMap<String, String> held;
        private String heldPlain;
        private long sentQ;

        private Reader(final TopicRig rig, final View view, final String conflation) {
            this.rig = rig;
            this.view = view;
            isEventChannel = conflation.equals("event");
            isMerge = conflation.equals("merge");
            rig.topic().addView(view);
            since = rig.topic().q();
            replace(rig.image(view));
        }

        private void read() {
            final Topic topic = rig.topic();
            if (!topic.knowsChangesSince(sentQ, view)) {
                assertThat(!isEventChannel && !isMerge && sentQ <= noObjectUntil).as(place + ": known since " + since)
                    .isTrue();
                replace(rig.image(view));
            } else if (topic.isChangedSince(sentQ, view)) {
                apply(rig.update(sentQ, view));
            } else if (!isEventChannel) {
                check();
                return;
            } else {
                assertThat(sentQ == topic.q() || plain == null && shown().isEmpty()).as(place).isTrue();
                return;
            }
            sentQ = topic.q();
            check();
            assertThat(topic.isChangedSince(sentQ, view)).as(place).isFalse();
        }

        private void apply(final String text) {
            if (plain != null || !view.delta()) {
                assertThat(view.isFull() || isEventChannel || plain != null || changed.entrySet().stream()
                    .anyMatch(field -> isWanted(field.getKey()) && field.getValue() > sentQ))
                    .as(place + ": a selected field changed").isTrue();
                replace(text);
                return;
            }
            assertThat(heldPlain).as(place + ": only an object has changed fields").isNull();
            final Map<String, String> sent = Members.of(JournalReader.withoutRemoved(text));
            assertThat(sent).as(place).isNotEmpty();
            assertThat(JournalReader.removedCount(text)).as(place + ": removed fields")
                .isEqualTo(sent.values().stream().filter("null"::equals).count());
            sent.forEach((name, value) -> {
                assertThat(changed.get(name)).as(place + ": last change of " + name).isGreaterThan(sentQ);
                if (value.equals("null")) {
                    held.remove(name);
                } else {
                    held.put(name, value);
                }
            });
        }

        private void replace(final String text) {
            sentQ = rig.topic().q();
            heldPlain = plain == null ? null : text;
            held = plain == null ? Members.of(text) : new TreeMap<>();
        }

        private void check() {
            assertThat(heldPlain).as(place + ' ' + view).isEqualTo(plain);
            assertThat(held).as(place + ' ' + view).isEqualTo(shown());
        }

        private TreeMap<String, String> shown() {
            final TreeMap<String, String> shown = new TreeMap<>(truth);
            shown.keySet().removeIf(name -> !isWanted(name));
            return shown;
        }

        private boolean isWanted(final String name) {
            return view.fields().isEmpty() || view.fields().contains(name);
        }
    }
}
