package penstock.identity.key;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.config.relay.AuthConfig;
import penstock.identity.CredentialSource;
import penstock.identity.Principal;
import penstock.identity.PrincipalListener;
import penstock.identity.Products;
import penstock.identity.TokenException;
import penstock.telemetry.ErrorLog;

class CertificatesAndTokensTest {
    @TempDir
    private Path folder;

    @Test
    void shouldStandBesideTokensOfAnotherSource() throws IOException, TokenException {
        final Path file = Files.writeString(folder.resolve("keys.conf"), lines("desk-7"));
        final Products products = new Products(Map.of("fx", new AuthConfig.Product(List.of(), List.of("*"))));
        final List<UnaryOperator<Principal>> changes = new CopyOnWriteArrayList<>();
        final Principal byToken = new Principal("desk-8", Set.of("fx"), 0, Principal.NEVER, "RS256:x");
        final TestTokens tokens = new TestTokens(byToken);
        try (CertificatesAndTokens both =
                new CertificatesAndTokens(KeyFile.ofCertificates(file, products, 20, new ErrorLog()), tokens)) {
            both.onChanged(changes::add);
            final Principal byCertificate = both.certified("desk-7");
            assertThat(both.authenticate("x")).isSameAs(byToken);
            assertThat(both.verify("x").join()).isSameAs(byToken);
            both.start();
            Files.move(Files.writeString(folder.resolve("next"), lines("desk-9")), file, ATOMIC_MOVE);
            await().until(() -> !changes.isEmpty());
            assertThat(changes.get(0).apply(byCertificate)).isNull();
            assertThat(changes.get(0).apply(byToken)).isSameAs(byToken);
            tokens.isGone = true;
            tokens.listener.onChanged(tokens::current);
            assertThat(changes.get(1).apply(byToken)).isNull();
        }
        assertThat(tokens.isClosed).isTrue();
    }

    /** Tokens that all stand for one client. */
    private static final class TestTokens implements CredentialSource {
        private final Principal client;
        private PrincipalListener listener;
        private boolean isGone;
        private boolean isClosed;

        TestTokens(final Principal client) {
            this.client = client;
        }

        @Override
        public Principal authenticate(final String token) {
            return client;
        }

        @Override
        public Principal current(final Principal held) {
            return isGone ? null : held;
        }

        @Override
        public void onChanged(final PrincipalListener next) {
            listener = next;
        }

        @Override
        public void start() {
        }

        @Override
        public void close() {
            isClosed = true;
        }
    }

    private static String lines(final String name) {
        return "keys = [{ id = " + name + ", certificate = " + name + ", products = [fx] }]";
    }
}
