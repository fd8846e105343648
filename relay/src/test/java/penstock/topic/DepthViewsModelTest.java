package penstock.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.memory.MemoryShare;
import penstock.memory.MemoryUse;
import penstock.ring.LevelBuffer;
import penstock.ring.UpdateKind;
import penstock.ring.UpdateSlice;
import penstock.testkit.Seeds;
import penstock.topic.image.View;

/**
 * Random books, and readers of their best levels. A reader applies the changes that it is sent at random moments; it
 * must always hold the true levels.
 */
class DepthViewsModelTest {
    private static final Pattern LEVEL = Pattern.compile("\\[([-0-9.]+),([0-9.]+)]");

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    private final List<TreeMap<BigDecimal, String>> truth =
        List.of(new TreeMap<>(Comparator.reverseOrder()), new TreeMap<>());
    private final LevelBuffer levels = new LevelBuffer();
    private int images;
    private int updates;
    private String place;

    @Test
    void shouldShowEachReaderTheBestLevels() {
        run(MemoryShare.unlimited());
        assertThat(images).as("few images").isLessThan(updates / 10);
    }

    @Test
    void shouldShowTheBestLevelsWhenWindowsOutgrowTheirMemory() {
        final MemoryShare memory = new MemoryShare(Map.of(MemoryUse.VIEWS, 30_000L), 1);
        run(memory);
        assertThat(images).as("images in place of changes").isGreaterThan(updates / 10);
        assertThat(memory.used(MemoryUse.VIEWS)).as("windows of readers that left").isZero();
    }

    private void run(final MemoryShare memory) {
        for (final long seed : seeds.rounds(120)) {
            final Random random = Seeds.random(seed);
            final TopicRig rig = new TopicRig("order-book", memory);
            truth.forEach(TreeMap::clear);
            final List<Reader> readers = new ArrayList<>();
            final int prices = 3 + random.nextInt(random.nextInt(4) == 0 ? 600 : 40);
            for (int step = 0; step < 400; step++) {
                place = "step " + step;
                publish(rig, random, prices);
                if (random.nextInt(20) == 0 && readers.size() < 8) {
                    readers.add(new Reader(rig, new View(List.of(), random.nextBoolean(), random.nextInt(12))));
                }
                if (random.nextInt(40) == 0 && !readers.isEmpty()) {
                    rig.topic().removeView(readers.remove(random.nextInt(readers.size())).view);
                }
                for (final Reader reader : readers) {
                    if (random.nextInt(4) == 0) {
                        reader.read();
                    }
                }
            }
            readers.forEach(reader -> rig.topic().removeView(reader.view));
        }
    }

    private void publish(final TopicRig rig, final Random random, final int prices) {
        final int dice = random.nextInt(60);
        final UpdateKind kind = dice == 0 ? UpdateKind.REMOVE : dice < 3 ? UpdateKind.SNAPSHOT : UpdateKind.DELTA;
        if (kind != UpdateKind.DELTA) {
            truth.forEach(TreeMap::clear);
        }
        levels.clear();
        final int changes = 1 + random.nextInt(random.nextInt(20) == 0 ? 30 : 3);
        final int count = kind == UpdateKind.SNAPSHOT ? prices : kind == UpdateKind.REMOVE ? 0 : changes;
        for (int i = 0; i < count; i++) {
            final int side = random.nextInt(2);
            final BigDecimal price = BigDecimal.valueOf(random.nextInt(prices) - 2L, random.nextInt(2))
                .stripTrailingZeros();
            final String size = random.nextInt(3) == 0 ? "" : Integer.toString(1 + random.nextInt(4));
            if (size.isEmpty()) {
                truth.get(side).remove(price);
            } else {
                truth.get(side).put(price, size);
            }
            final int zeros = random.nextInt(10) == 0 ? 1 : 0;
            final byte[] priceBytes = price.setScale(Math.max(0, price.scale()) + zeros).toPlainString()
                .getBytes(StandardCharsets.UTF_8);
            final byte[] sizeBytes = size.getBytes(StandardCharsets.UTF_8);
            levels.add(side, priceBytes, 0, priceBytes.length, sizeBytes, 0, sizeBytes.length);
        }
        final UpdateSlice slices = new UpdateSlice().set(levels.buffer(), 0, 0, 0, 0);
        slices.kind = kind;
        slices.levels = levels;
        rig.publish(slices);
    }

    /** Applies the updates that it is sent, and nothing else. */
    private final class Reader {
        private final TopicRig rig;
        private final View view;
        private List<Map<BigDecimal, String>> held;
        private long sentQ;

        private Reader(final TopicRig rig, final View view) {
            this.rig = rig;
            this.view = view;
            rig.topic().addView(view);
            replace();
        }

        private void read() {
            final Topic topic = rig.topic();
            if (!topic.knowsChangesSince(sentQ, view)) {
                images++;
                replace();
            } else if (topic.isChangedSince(sentQ, view)) {
                updates++;
                apply(sides(rig.update(sentQ, view)));
            }
            check();
        }

        private void apply(final List<Map<BigDecimal, String>> changes) {
            for (int side = 0; side < 2; side++) {
                for (final Map.Entry<BigDecimal, String> change : changes.get(side).entrySet()) {
                    if (change.getValue().equals("0")) {
                        held.get(side).remove(change.getKey());
                    } else {
                        held.get(side).put(change.getKey(), change.getValue());
                    }
                }
            }
            assertThat(view.depth() == 0 || changes.stream().anyMatch(side -> !side.isEmpty())).as(place).isTrue();
            sentQ = rig.topic().q();
        }

        private void replace() {
            held = sides(rig.image(view));
            sentQ = rig.topic().q();
            assertThat(new ArrayList<>(held.get(0).keySet())).as("best first")
                .isSortedAccordingTo(Comparator.reverseOrder());
            assertThat(new ArrayList<>(held.get(1).keySet())).as("best first").isSorted();
            check();
        }

        private void check() {
            for (int side = 0; side < 2; side++) {
                final Map<BigDecimal, String> best = new LinkedHashMap<>();
                truth.get(side).entrySet().stream().limit(view.depth() == 0 ? Long.MAX_VALUE : view.depth())
                    .forEach(level -> best.put(level.getKey(), level.getValue()));
                if (view.depth() > 0 || sentQ == rig.topic().q()) {
                    assertThat(held.get(side)).as(place + ' ' + view).isEqualTo(best);
                }
            }
        }

        private List<Map<BigDecimal, String>> sides(final String text) {
            final List<Map<BigDecimal, String>> sides = List.of(new LinkedHashMap<>(), new LinkedHashMap<>());
            final int asks = text.indexOf("\"asks\"");
            final Matcher matcher = LEVEL.matcher(text);
            while (matcher.find()) {
                sides.get(matcher.start() < asks ? 0 : 1)
                    .put(new BigDecimal(matcher.group(1)).stripTrailingZeros(), matcher.group(2));
            }
            return sides;
        }
    }
}
