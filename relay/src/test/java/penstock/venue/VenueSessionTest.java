package penstock.venue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import penstock.text.Address;
import penstock.venue.rule.MessageMatch;
import penstock.venue.spec.SessionStep;

/** Logins, addresses and answers of files written for these tests. */
class VenueSessionTest {
    private static final String FILE = """
        name = x
        connection {
          urls = ["wss://h/{env:PLACE:-live}?token={env:TOKEN}"]
          headers { X-Key = "{env:TOKEN}" }
          subprotocol = tr_json2
        }
        session = [
          { await { "$/0/msg" = connected }, timeout = 3s }
          { send = \"""{"action":"auth","key":"{env:TOKEN}"}\""" }
          { await { "$/0/msg" = authenticated }, fail { "$/0/T" = error }, on-fail = retry }
        ]
        channels { quote { default = true }, bar {} }
        subscribe {
          topic { quote = "q.{symbol}", bar = "b.{symbol|upper}" }
          message = "sub {topics|join(+)} {id}"
          batch = 2
        }
        messages { rules =
            [ { name = a, match { "$/s" = "*" }, key = "$/s | split('.', -1) | upper", channel = bar } ] }
        replay {
          on-open = ["[{\\"msg\\":\\"connected\\"}]"]
          answers = [ { equals = ping, send = pong }, { match { "$/key" = "*" }, send = "[{$/key},{$/none}]" } ]
        }
        """;

    private final Venue venue = read(Map.of("TOKEN", "s3cret"));

    @Test
    void shouldReadTheLogin() {
        final List<SessionStep> steps = venue.session();
        final SessionStep.Await welcome = (SessionStep.Await) steps.get(0);
        final SessionStep.Await answer = (SessionStep.Await) steps.get(2);
        assertThat(matches(welcome.match(), "[{\"msg\":\"connected\"}]")).isTrue();
        assertThat(matches(welcome.match(), "connected")).isFalse();
        assertThat(welcome.fail()).isNull();
        assertThat(welcome.timeoutMs()).isEqualTo(3_000);
        assertThat(((SessionStep.Send) steps.get(1)).message()).isEqualTo("{\"action\":\"auth\",\"key\":\"s3cret\"}");
        assertThat(matches(answer.fail(), "[{\"T\":\"error\"}]")).isTrue();
        assertThat(answer.isFatal()).isFalse();
        assertThat(answer.timeoutMs()).isEqualTo(10_000);
    }

    @Test
    void shouldEscapeVariablesInTheQueryOfAnAddressAlone() {
        final Venue escaped = VenueReader.read(new StringReader("""
            name = x
            connection.urls = ["{env:BASE}/a?key={env:KEY}&t={plugin:t}&d={env:NONE:-a%2Fb}"]
            plugins = [ { name = test } ]
            channels { quote { default = true } }
            messages { rules = [ { name = a, match { "$/s" = "*" }, key = "$/s" } ] }
            """), "x.conf", Map.of("BASE", "wss://h:9/x", "KEY", "a+b/c==&admin=1 ä")::get);
        assertThat(escaped.connection().endpoint().urls()).extracting(Address::text)
            .containsExactly("wss://h:9/x/a?key=a%2Bb%2Fc%3D%3D%26admin%3D1+%C3%A4&t={plugin:t}&d=a%2Fb");
    }

    @Test
    void shouldFillTheAddressAndPrintNoSecret() {
        assertThat(venue.connection().endpoint().urls()).extracting(Address::text)
            .containsExactly("wss://h/live?token=s3cret");
        assertThat(venue.connection().endpoint().headers()).isEqualTo(Map.of("X-Key", "s3cret"));
        assertThat(venue.connection().endpoint().subprotocol()).isEqualTo("tr_json2");
        assertThat(venue.connection() + " " + venue.session())
            .doesNotContain("s3cret").contains("wss://h/live?token=***");
    }

    @Test
    void shouldNameMissingVariables() {
        final Venue unset = read(Map.of("PLACE", "test"));
        assertThat(unset.missingVariables()).containsExactly("TOKEN");
        assertThatThrownBy(() -> ((SessionStep.Send) unset.session().get(1)).message())
            .hasMessageContaining("TOKEN is not set");
    }

    @Test
    void shouldSubscribeInBatches() {
        assertThat(venue.subscribe().messages(List.of("quote", "bar"), List.of("a", "b"), 5))
            .containsExactly("sub q.a+q.b 5", "sub b.A+b.B 6");
        assertThatThrownBy(() -> venue.subscribe().messages(List.of("trade"), List.of("a"), 1))
            .hasMessageContaining("trade");
    }

    @Test
    void shouldFilterTheKey() {
        assertThat(new VenueLog(venue).text("{'s':'live.eur'}").lines)
            .containsExactly("update bar EUR - {'s':'live.eur'}");
    }

    @Test
    void shouldAnswerTextAndJson() {
        assertThat(venue.replay().onOpen()).containsExactly("[{\"msg\":\"connected\"}]");
        assertThat(venue.replay().startsOnConnect()).isTrue();
        assertThat(answer("ping")).containsExactly("pong");
        assertThat(answer("{\"key\":1.10}")).containsExactly("[1.10,null]");
        assertThat(answer("pings")).isEmpty();
    }

    private List<String> answer(final String message) {
        final byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        return venue.replay().answer(bytes, 0, bytes.length).texts();
    }

    private static boolean matches(final MessageMatch match, final String message) {
        final byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        return match.matches(bytes, 0, bytes.length);
    }

    private static Venue read(final Map<String, String> environment) {
        return VenueReader.read(new StringReader(FILE), "x.conf", environment::get);
    }
}
