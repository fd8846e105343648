package penstock.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.ring.UpdateKind;
import penstock.testkit.Seeds;
import penstock.topic.image.View;

/**
 * Readers of a small journal, with views of all kinds, that fall behind, leave and return, compared with the list of
 * all published values: each must hold the true fields, count missed updates exactly, and be sent no field that did not
 * change. {@code -Dpenstock.model.sequences=N} runs more.
 */
class JournalViewsModelTest {
    private static final String[] NAMES = {"a", "b\"", "c", "d", "e"};
    private static final String[] VALUES = {"1", "1.0", "\"x,\\\"v\\\":{\"", "[1,{\"a\":2}]", "{\"b\":[]}"};

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    private static final int ROUNDS = Integer.getInteger("penstock.model.sequences", 10_000) / 100;

    private Random random;
    private JournalRig rig;
    private long gaps;
    private long resumed;
    private long notShown;
    private long images;

    @Test
    void shouldShowEachReaderTheTrueFieldsAndCountSkippedUpdates() {
        for (final long seed : seeds.rounds(ROUNDS)) {
            run(seed);
        }
        assertThat(gaps).as("gaps").isGreaterThan(2 * ROUNDS);
        assertThat(resumed).as("resumed").isGreaterThan(ROUNDS);
        assertThat(notShown).as("updates not shown").isGreaterThan(10 * ROUNDS);
        assertThat(images).as("changes were unknown").isGreaterThan(ROUNDS / 2);
    }

    private void run(final long seed) {
        random = Seeds.random(seed);
        rig = new JournalRig(1);
        final List<Topic> topics = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            topics.add(rig.topic(i / 2, ",\"v\":" + i));
        }
        final List<JournalReader> readers = new ArrayList<>();
        for (int step = 0; step < 300; step++) {
            for (int i = random.nextInt(8); i > 0; i--) {
                publish(topics.get(random.nextInt(random.nextInt(4) == 0 ? 6 : 5)));
                if (random.nextInt(3) > 0) {
                    rig.turn();
                }
            }
            rig.turn();
            if (readers.size() < 5 && random.nextInt(8) == 0) {
                final int channel = random.nextInt(3);
                readers.add(new JournalReader(rig, view(channel > 0),
                    topics.subList(channel * 2, channel * 2 + 1 + random.nextInt(2))));
            }
            for (final JournalReader reader : List.copyOf(readers)) {
                step(readers, reader);
            }
        }
        for (final JournalReader reader : readers) {
            if (!reader.isHere()) {
                reader.comeBack();
            }
            reader.read(Integer.MAX_VALUE);
            reader.checkEnd();
            gone(reader);
        }
    }

    private void step(final List<JournalReader> readers, final JournalReader reader) {
        switch (random.nextInt(reader.isHere() ? 12 : 40)) {
            case 0 -> {
                if (reader.isHere()) {
                    reader.leave();
                } else {
                    reader.comeBack();
                }
            }
            case 1 -> {
                if (!reader.isHere()) {
                    readers.remove(reader);
                    gone(reader);
                }
            }
            case 2, 3, 4 -> reader.read(1 + random.nextInt(6));
            case 5, 6 -> reader.read(Integer.MAX_VALUE);
            default -> { }
        }
    }

    private void gone(final JournalReader reader) {
        gaps += reader.gaps;
        resumed += reader.resumed;
        notShown += reader.notShown;
        images += reader.images;
    }

    private void publish(final Topic topic) {
        final boolean isMerge = topic.channel().index() == 2;
        if (!isMerge && random.nextInt(40) == 0) {
            rig.publish(topic, UpdateKind.FULL, new String[] {"[{\"a\":1}]", "7"}[random.nextInt(2)], null);
            return;
        }
        final Map<String, String> before = rig.newest(topic) == null ? Map.of() : rig.newest(topic);
        final TreeMap<String, String> next = new TreeMap<>(before);
        next.remove("pad");
        for (int i = random.nextInt(3); i > 0; i--) {
            final String name = NAMES[random.nextInt(NAMES.length)];
            if (random.nextInt(3) == 0) {
                next.remove(name);
            } else {
                next.put(name, VALUES[random.nextInt(VALUES.length)]);
            }
        }
        final int length = random.nextInt(100) == 0 ? 20_000 : random.nextInt(random.nextInt(8) == 0 ? 6_000 : 200);
        next.put("pad", '"' + "x".repeat(length) + '"');
        final boolean isDelta = isMerge && random.nextInt(6) > 0;
        final StringBuilder text = new StringBuilder(random.nextInt(6) == 0 ? " {" : "{");
        final int empty = text.length();
        final TreeMap<String, String> expected = new TreeMap<>(next);
        if (isDelta) {
            expected.entrySet()
                .removeIf(field -> field.getValue().equals(before.get(field.getKey())) && random.nextInt(3) > 0);
            before.keySet().stream().filter(name -> !next.containsKey(name))
                .forEach(name -> expected.put(name, "null"));
        }
        expected.forEach((name, value) -> text.append(text.length() > empty ? " ," : "").append('"')
            .append(name.replace("\"", "\\\""))
            .append("\" : ").append(value));
        rig.publish(topic, isDelta ? UpdateKind.DELTA : UpdateKind.FULL, text.append('}').toString(), next);
    }

    private View view(final boolean mayBeDelta) {
        final List<String> fields = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            fields.add(random.nextInt(10) == 0 ? "never" : NAMES[random.nextInt(NAMES.length)]);
        }
        return new View(fields, mayBeDelta && random.nextBoolean(), 0);
    }
}
