package penstock.venue.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import penstock.venue.Venue;
import penstock.venue.VenueReader;

/** How long a fetched value is used, by a clock of the test. */
class FetchExpiryTest {
    private static final long SECOND_NS = 1_000_000_000L;

    private final List<HttpExchange.Request> requests = new ArrayList<>();
    private String expires = "900";

    @Test
    void shouldFetchAgainWhenTheLifeThatTheAnswerGivesIsOver() throws Exception {
        final LoginValues login = venue("expires-in = \"$/expires\"").login();
        assertThat(token(login, 0)).isEqualTo("t1");
        assertThat(token(login, 899)).isEqualTo("t1");
        assertThat(token(login, 900)).isEqualTo("t2");
        expires = "0";
        assertThat(token(login, 1_800)).isEqualTo("t3");
        assertThat(token(login, 1_800)).isEqualTo("t4");
        expires = "soon";
        assertThatThrownBy(() -> token(login, 1_801))
            .hasMessage("fetch t: the value at $/expires (expires-in) is no number of seconds");
    }

    @Test
    void shouldTakeTheShorterOfTheTwoLives() throws Exception {
        final LoginValues login = venue("expires-in = \"$/expires\", expires = 10s").login();
        assertThat(token(login, 0)).isEqualTo("t1");
        assertThat(token(login, 9)).isEqualTo("t1");
        assertThat(token(login, 10)).isEqualTo("t2");
    }

    @Test
    void shouldShareTheAnswerBetweenTheConnectionsAndForgetItAfterALoginWithoutData() throws Exception {
        final Venue venue = venue("expires = 1d");
        final LoginValues login = venue.login();
        final LoginValues other = venue.newInstance().login();
        assertThat(token(login, 0)).isEqualTo("t1");
        assertThat(token(other, 1)).isEqualTo("t1");
        other.onEnded(true);
        assertThat(token(login, 2)).isEqualTo("t1");
        other.onEnded(false);
        assertThat(token(login, 3)).isEqualTo("t2");
        assertThat(token(other, 4)).isEqualTo("t2");
    }

    @Test
    void shouldFetchForEachLoginWithoutALife() throws Exception {
        final LoginValues login = venue("").login();
        assertThat(token(login, 0)).isEqualTo("t1");
        assertThat(token(login, 0)).isEqualTo("t2");
    }

    private String token(final LoginValues login, final long second) throws Exception {
        return login.read(List.of("http:t/token"), new LoginCall("", 0, second * SECOND_NS), request -> {
            requests.add(request);
            return new HttpExchange.Answer(200, -1, ("{\"token\":\"t" + requests.size() + "\",\"expires\":\"" + expires
                + "\"}").getBytes(StandardCharsets.UTF_8));
        }).get("http:t/token");
    }

    private static Venue venue(final String life) {
        return VenueReader.read(new StringReader("""
            name = test
            fetch { t { url = "https://x/", values { token = "$/token" }, %s } }
            session = [ { send = "{http:t/token}" } ]
            channels { quote { default = true } }
            messages { rules = [ { name = a, match { "$/s" = "*" }, key = "$/s" } ] }
            """.formatted(life)), "test.conf", name -> null);
    }
}
