package penstock.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TopicSearchTest {
    private final Channel channel = new Channel(0, "quote", "last-value", true);
    private final Channel other = new Channel(1, "trade", "event", false);
    private final TopicTable topics = new TopicTable(List.of(channel, other), 1, 0);
    private final List<String> compared = new ArrayList<>();

    @Test
    void shouldFindTheTopicsOfTheChannelThatMatch() {
        add(0, channel, "A1");
        add(1, other, "A2");
        add(2, channel, "B1");
        add(70, channel, "A3");
        assertThat(ids(search(1).complete())).containsExactly(0, 70);
        assertThat(compared).containsExactly("A1", "B1", "A3");
    }

    @Test
    void shouldLookAtTheTimeOncePerSoManyTopics() {
        for (int i = 0; i < 100; i++) {
            add(i, channel, "A" + i);
        }
        final TopicSearch search = search(7);
        final int[] checks = {0};
        assertThat(search.advance(() -> ++checks[0] == 3)).isFalse();
        assertThat(compared).hasSize(21);
        assertThat(search.advance(() -> true)).isFalse();
        assertThat(compared).hasSize(28);
        assertThat(ids(search.complete())).hasSize(100);
        assertThat(compared).hasSize(100).doesNotHaveDuplicates();
    }

    @Test
    void shouldFollowTopicsThatComeAndGo() {
        for (int i = 0; i < 4; i++) {
            add(i, channel, "A" + i);
        }
        final TopicSearch search = search(2);
        search.advance(() -> true);
        forget(0);
        forget(3);
        add(0, channel, "Bnew");
        add(1_000, channel, "Anew");
        add(3, other, "Aother");
        assertThat(ids(search.complete())).containsExactly(1, 2, 1_000);
        forget(1_000);
        add(1_000, channel, "Bmore");
        add(4, channel, "Amore");
        assertThat(ids(search.complete())).containsExactly(1, 2, 4);
    }

    @Test
    void shouldFollowNothingOnceItIsClosed() {
        add(0, channel, "A0");
        final TopicSearch search = search(1);
        search.complete();
        search.close();
        add(1, channel, "A1");
        search.complete();
        assertThat(compared).containsExactly("A0");
        assertThat(channel.searches()).isEmpty();
    }

    private TopicSearch search(final int topicsPerCheck) {
        return topics.search(channel, symbol -> {
            compared.add(symbol);
            return symbol.startsWith("A");
        }, topicsPerCheck);
    }

    private void add(final int id, final Channel to, final String symbol) {
        final byte[] name = symbol.getBytes(StandardCharsets.UTF_8);
        topics.onTopic(id, to.index(), name, 0, name.length, 0);
    }

    private void forget(final int id) {
        topics.forget(topics.topic(id), 0);
    }

    private static List<Integer> ids(final IdSet set) {
        final List<Integer> ids = new ArrayList<>();
        for (int id = set.next(0); id >= 0; id = set.next(id + 1)) {
            ids.add(id);
        }
        return ids;
    }
}
