package penstock.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import penstock.config.relay.FeedConfig;
import penstock.upstream.SnapshotFetch;

/** On demand the venue is asked only for what it lists. */
@ExtendWith(MutedFeedLog.class)
class InstrumentListTest {
    private static final String FILE = """
        subscribe {
          message = \"""{"sub":{symbols|json},"id":{id}}\"""
          unsubscribe = \"""{"unsub":{symbols|json},"id":{id}}\"""
          ack { match { "$/id" = "*" }, ok { "$/ok" = true }, correlate = "$/id", timeout = 5s, retries = 0 }
        }
        instruments { url = "https://venue.invalid/list", names = "$/all/*/s", refresh = 10m }
        """;

    private final FeedRig rig = new FeedRig();
    private final List<SnapshotFetch.Request> asked = new ArrayList<>();
    private Consumer<SnapshotFetch.Fetched> answer;

    @Test
    void shouldRefuseWhatTheVenueDoesNotListUntilItDoes() {
        final FakeUpstreams.Server venue = open();
        answer("{\"all\":[{\"s\":\"A\"},{\"s\":\"B\"}]}");
        rig.session.addInterest(0, List.of("A", "NEW"), "client");
        rig.clock.advance(10);
        assertThat(venue.sent).containsExactly("{\"sub\":[\"A\"],\"id\":1}");
        assertThat(rig.ring.news()).contains("refused 0 NEW: the venue lists no such symbol; case counts");
        venue.text("{\"ok\":true,\"id\":1}");
        rig.clock.advance(600_000);
        answer("{\"all\":[{\"s\":\"A\"},{\"s\":\"NEW\"}]}");
        rig.clock.advance(10);
        assertThat(venue.sent).hasSize(2).last().isEqualTo("{\"sub\":[\"NEW\"],\"id\":2}");
        assertThat(asked).hasSize(2).containsOnly(
            new SnapshotFetch.Request(URI.create("https://venue.invalid/list"), null, null, 30_000, 16 << 20));
    }

    @Test
    void shouldTakeAnyNameWithoutAListAndAskAgainAfterAMinute() {
        final FakeUpstreams.Server venue = open();
        answer.accept(SnapshotFetch.Fetched.failed("no route"));
        rig.session.addInterest(0, List.of("A"), "client");
        rig.clock.advance(10);
        assertThat(venue.sent).hasSize(1);
        rig.clock.advance(60_000);
        assertThat(asked).hasSize(2);
        answer("{\"other\":1}");
        rig.clock.advance(60_000);
        assertThat(asked).hasSize(3);
        rig.session.stop();
        rig.clock.advance(10_000_000);
        assertThat(asked).hasSize(3);
    }

    @Test
    void shouldTakeAnAnswerForNoListThatIsNotAsTheFileSays() {
        open(FILE.replace("names = ", "ok { \"$/code\" = 0 }, names = "));
        answer("{\"code\":7,\"all\":[{\"s\":\"A\"}]}");
        rig.session.addInterest(0, List.of("B"), "client");
        assertThat(rig.ring.news()).noneMatch(news -> news.startsWith("refused"));
        rig.clock.advance(60_000);
        answer("{\"code\":0,\"all\":[{\"s\":\"A\"}]}");
        rig.session.addInterest(0, List.of("C"), "client");
        assertThat(rig.ring.news()).contains("refused 0 C: the venue lists no such symbol; case counts");
    }

    @Test
    void shouldHaveNoListBeforeEachOfItsPartsHasArrived() {
        final FakeUpstreams.Server venue = open(FILE.replace("\"https://venue.invalid/list\"",
            "[\"https://venue.invalid/1\", \"https://venue.invalid/2\"]").replace("refresh", "covers = \"[A-Z]\", refresh"));
        answer("{\"all\":[{\"s\":\"A\"}]}");
        rig.session.addInterest(0, List.of("B"), "client");
        rig.clock.advance(10);
        assertThat(venue.sent).containsExactly("{\"sub\":[\"B\"],\"id\":1}");
        answer.accept(new SnapshotFetch.Fetched(503, -1, null, null));
        rig.clock.advance(60_000);
        answer("{\"all\":[{\"s\":\"C\"}]}");
        answer("{\"all\":[]}");
        rig.session.addInterest(0, List.of("A", "C", "a2"), "client");
        rig.clock.advance(10);
        assertThat(rig.ring.news()).filteredOn(news -> news.startsWith("refused"))
            .containsExactly("refused 0 A: the venue lists no such symbol; case counts");
        assertThat(asked).map(each -> each.address().getPath()).containsExactly("/1", "/2", "/1", "/2");
    }

    @Test
    void shouldAskOneAddressForEachPartByItsBody() {
        open(FILE.replace("names = ", "body = [\"{\\\"type\\\":\\\"a\\\"}\", \"type=b\"], names = "));
        answer("{\"all\":[{\"s\":\"A\"}]}");
        answer("{\"all\":[{\"s\":\"B\"}]}");
        rig.session.addInterest(0, List.of("A", "B", "C"), "client");
        assertThat(rig.ring.news()).filteredOn(news -> news.startsWith("refused"))
            .containsExactly("refused 0 C: the venue lists no such symbol; case counts");
        assertThat(asked).extracting(each -> each.address().getPath(), SnapshotFetch.Request::body,
            SnapshotFetch.Request::contentType).containsExactly(tuple("/list", "{\"type\":\"a\"}", "application/json"),
                tuple("/list", "type=b", "application/x-www-form-urlencoded"));
    }

    @Test
    void shouldAskEachAddressWithItsBodyOrAllWithOne() {
        final String two = FILE.replace("\"https://venue.invalid/list\"",
            "[\"https://venue.invalid/1\", \"https://venue.invalid/2\"]");
        open(two.replace("names = ", "body = [x, y], names = "));
        answer("{\"all\":[{\"s\":\"A\"}]}");
        open(two.replace("names = ", "body = z, names = "));
        answer("{\"all\":[{\"s\":\"A\"}]}");
        open(two.replace("names = ", "method = post, names = "));
        assertThat(asked).map(each -> each.address().getPath() + " " + each.body())
            .containsExactly("/1 x", "/2 y", "/1 z", "/2 z", "/1 ");
    }

    private FakeUpstreams.Server open() {
        return open(FILE);
    }

    private FakeUpstreams.Server open(final String file) {
        rig.upstreams.fetch = (request, to) -> {
            asked.add(request);
            answer = to;
            return () -> { };
        };
        return rig.open("", file, FeedConfig.ON_DEMAND);
    }

    private void answer(final String body) {
        answer.accept(new SnapshotFetch.Fetched(200, -1, body.getBytes(StandardCharsets.UTF_8), null));
        rig.clock.advance(0);
    }
}
