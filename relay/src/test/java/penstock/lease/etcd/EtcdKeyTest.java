package penstock.lease.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.lease.KeyAnswer;
import penstock.testkit.EtcdCluster;
import penstock.testkit.EtcdGateway;
import penstock.testkit.Patience;

class EtcdKeyTest {
    @TempDir
    private Path folder;

    private EtcdGateway gateway;

    @BeforeEach
    void serve() throws Exception {
        gateway = new EtcdGateway();
    }

    @AfterEach
    void end() {
        gateway.close();
    }

    @Test
    void shouldReadAndSwapAsTheGatewayDefinesIt() throws Exception {
        shouldSwapOnlyTheRevisionThatItNames(key(List.of(gateway.url()), null, null));
    }

    @Test
    @Tag("slow")
    @Tag("gate")
    void shouldReadAndSwapInARealEtcd() throws Exception {
        try (EtcdCluster etcd = new EtcdCluster(1, folder)) {
            shouldSwapOnlyTheRevisionThatItNames(key(etcd.urls(), null, null));
        }
    }

    private static void shouldSwapOnlyTheRevisionThatItNames(final EtcdKey key) throws Exception {
        assertThat(ask(key::read)).isEqualTo(KeyAnswer.value(0, null));

        final KeyAnswer first = ask(answer -> key.swap(0, "a \"value\"", answer));
        assertThat(first.kind()).isEqualTo(KeyAnswer.Kind.SWAPPED);
        assertThat(ask(key::read)).isEqualTo(KeyAnswer.value(first.revision(), "a \"value\""));

        assertThat(ask(answer -> key.swap(0, "b", answer)))
            .isEqualTo(KeyAnswer.refused(first.revision(), "a \"value\""));
        final KeyAnswer second = ask(answer -> key.swap(first.revision(), "c", answer));
        assertThat(second.kind()).isEqualTo(KeyAnswer.Kind.SWAPPED);
        assertThat(second.revision()).isGreaterThan(first.revision());
        assertThat(ask(answer -> key.swap(first.revision(), "d", answer)))
            .isEqualTo(KeyAnswer.refused(second.revision(), "c"));
    }

    @Test
    void shouldAskTheNextMemberAfterOneThatFailed() throws Exception {
        try (EtcdGateway other = new EtcdGateway()) {
            other.write("there");
            gateway.setAway(true);
            final EtcdKey key = key(List.of(gateway.url(), other.url()), null, null);

            assertThat(ask(key::read).value()).isEqualTo("there");
            gateway.setAway(false);
            gateway.write("here");
            assertThat(ask(key::read).value()).as("the one that answered is asked again").isEqualTo("there");

            other.setAway(true);
            gateway.setAway(true);
            final KeyAnswer failed = ask(key::read);
            assertThat(failed.kind()).isEqualTo(KeyAnswer.Kind.FAILED);
            assertThat(failed.problem()).contains(URI.create(gateway.url()).getAuthority(), "503", "no leader");
        }
    }

    /** A follower whose leader has died lets requests wait; what it has passed on to that is lost. */
    @Test
    void shouldAskTheNextMemberTooWhenOneLetsItWait() throws Exception {
        try (EtcdGateway other = new EtcdGateway()) {
            gateway.setHanging(true);
            final EtcdKey key = key(List.of(gateway.url(), other.url()), null, null, 1_000);
            assertThat(ask(answer -> key.swap(0, "there", answer)).kind()).isEqualTo(KeyAnswer.Kind.SWAPPED);
            assertThat(ask(key::read).value()).isEqualTo("there");
        }
    }

    @Test
    void shouldNotAskTheOthersWhenEtcdRefuses() throws Exception {
        try (EtcdGateway other = new EtcdGateway()) {
            gateway.setLogin("{}");
            final Path token = Files.writeString(folder.resolve("token"), "old");
            assertThat(ask(key(List.of(gateway.url(), other.url()), null, token)::read).problem())
                .contains("invalid auth token");
        }
    }

    @Test
    void shouldFailWithinItsTimeWhenAMemberDoesNotAnswer() throws Exception {
        gateway.setHanging(true);
        final KeyAnswer failed = ask(key(List.of(gateway.url()), null, null, 500)::read);
        assertThat(failed.problem()).contains("no answer within 500 ms");
    }

    @Test
    void shouldLogInAndLogInAgainWhenItsTokenIsOfNoUse() throws Exception {
        final Path password = Files.writeString(folder.resolve("password"), "se\"cret\n");
        final String login = "{\"name\":\"penstock\",\"password\":\"se\\u0022cret\"}";
        gateway.setLogin(login);
        final EtcdKey key = key(List.of(gateway.url()), "penstock", password);
        assertThat(ask(key::read).kind()).isEqualTo(KeyAnswer.Kind.VALUE);

        gateway.setLogin(login);
        assertThat(ask(key::read).problem()).contains("invalid auth token").doesNotContain("cret");
        assertThat(ask(key::read).kind()).isEqualTo(KeyAnswer.Kind.VALUE);

        Files.writeString(password, "wrong");
        gateway.setLogin(login);
        ask(key::read);
        assertThat(ask(key::read).problem()).contains("the login of penstock failed", "invalid user ID or password")
            .doesNotContain("wrong");
    }

    @Test
    void shouldShowTheTokenOfAFileAndReadItAgainWhenItIsRefused() throws Exception {
        final Path token = Files.writeString(folder.resolve("token"), "old");
        final EtcdKey key = key(List.of(gateway.url()), null, token);
        gateway.setLogin("{}");
        assertThat(ask(key::read).problem()).contains("invalid auth token").doesNotContain("old");
        Files.writeString(token, "none-yet\n");
        assertThat(ask(key::read).kind()).isEqualTo(KeyAnswer.Kind.VALUE);

        Files.delete(token);
        final EtcdKey without = key(List.of(gateway.url()), null, token);
        assertThat(ask(without::read).problem()).contains("there is no file " + token);
    }

    @Test
    void shouldRefuseAnAnswerThatIsNotOfEtcd() {
        assertThat(EtcdText.reason("<html>".getBytes())).isEqualTo("no answer of etcd's gateway: <html>");
        assertThatThrownBy(() -> EtcdText.ofSwap("{\"succeeded\":1}".getBytes()))
            .hasMessage("the answer is not that of etcd's gateway");
    }

    private static EtcdKey key(final List<String> urls, final String user, final Path secret) {
        return key(urls, user, secret, 30_000);
    }

    private static EtcdKey key(final List<String> urls, final String user, final Path secret, final long withinMs) {
        return new EtcdKey(new EtcdSettings(urls.stream().map(URI::create).toList(), "penstock/ingest",
            withinMs, null, user, secret));
    }

    private static KeyAnswer ask(final Consumer<Consumer<KeyAnswer>> question) throws Exception {
        final CompletableFuture<KeyAnswer> answer = new CompletableFuture<>();
        question.accept(answer::complete);
        return answer.get(Patience.SECONDS, TimeUnit.SECONDS);
    }
}
