package penstock.usage.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.config.relay.AuthConfig;
import penstock.identity.Principal;
import penstock.identity.Products;
import penstock.usage.EntitlementJournal;
import penstock.usage.HandClock;
import penstock.usage.Licence;
import penstock.usage.UsageLedger;
import penstock.usage.UsageSettings;

/** Entitlements by tokens and by the service that takes products away. */
class EntitlementRecordsTest {
    private static final Licence FX = new Licence("a", "fx", true);
    private static final Licence METALS = new Licence("a", "metals", false);

    private final HandClock clock = new HandClock("2026-11-30T12:00:00Z");
    private final Products products = new Products(Map.of("fx", new AuthConfig.Product(List.of(), List.of("*")),
        "metals", new AuthConfig.Product(List.of(), List.of(), List.of("*"), false)));
    @TempDir
    private Path folder;
    private UsageLedger ledger;
    private EntitlementJournal journal;

    @BeforeEach
    void open() throws IOException {
        ledger = UsageLedger.open(folder, UsageSettings.standard(), clock);
        journal = ledger.journal();
    }

    @AfterEach
    void close() throws InterruptedException {
        ledger.close(10_000);
    }

    @Test
    void shouldEndWithTheLastTokenOfTheProduct() {
        final EntitlementRecords records = records(AuthConfig.Mode.JWT, null);
        journal.activate(new Licence("gone", "fx", true), "issuer", "before", clock.millis());
        records.onKeys(List.of());
        assertThat(journal.active()).as("of the relay before").isEmpty();
        show(records, token(1_000, "fx", "metals"), "fx", "metals");
        show(records, token(2_000, "fx"), "fx");
        assertThat(journal.active()).containsExactlyInAnyOrder(FX, METALS);
        records.onKeys(List.of(new Principal("certified", Set.of("fx"), 0, Principal.NEVER, "test")));
        records.onKeys(List.of());
        assertThat(journal.active()).as("of tokens").containsExactlyInAnyOrder(FX, METALS);
        clock.setMs(clock.millis() + 1_000);
        records.expire();
        assertThat(journal.active()).containsExactly(FX);
        clock.setMs(clock.millis() + 1_000);
        records.expire();
        assertThat(journal.active()).isEmpty();
        show(records, token(1_000, "fx"), "fx");
        assertThat(journal.active()).containsExactly(FX);
    }

    @Test
    void shouldFollowTheServiceThatTakesProductsAway() {
        for (final AuthConfig.Mode mode : List.of(AuthConfig.Mode.KEYS, AuthConfig.Mode.JWT)) {
            final EntitlementRecords records = records(mode, "https://rights.example/{id}");
            final boolean isKey = mode == AuthConfig.Mode.KEYS;
            final Principal client = isKey ? new Principal("a", Set.of("fx", "metals"), 0, Principal.NEVER, "test")
                : token(1_000, "fx", "metals");
            records.onKeys(isKey ? List.of(client) : List.of());
            assertThat(journal.active()).as("nobody knows what the service leaves").isEmpty();
            show(records, client, "fx", "metals");
            show(records, client, "metals");
            assertThat(journal.active()).containsExactly(METALS);
            show(records, client, "fx");
            assertThat(journal.active()).containsExactly(FX);
            show(records, client);
            assertThat(journal.active()).isEmpty();
        }
    }

    @Test
    void shouldNotFollowAClientWhoseLineWasRemovedMeanwhile() {
        final EntitlementRecords records = records(AuthConfig.Mode.KEYS, null);
        final Principal client = new Principal("a", Set.of("fx"), 0, Principal.NEVER, "test");
        records.onKeys(List.of(client));
        assertThat(journal.active()).containsExactly(FX);
        records.onKeys(List.of());
        show(records, client, "fx");
        assertThat(journal.active()).isEmpty();
        records.onKeys(List.of(new Principal("a", Set.of("fx"), 0, Principal.NEVER, "test",
            new Principal.Terms(null, false, null))));
        assertThat(journal.active()).containsExactly(new Licence("a", "fx", false));
    }

    private Principal token(final long validMs, final String... names) {
        return new Principal("a", Set.of(names), 0, clock.millis() + validMs, "test");
    }

    private void show(final EntitlementRecords records, final Principal client, final String... left) {
        records.onClient(client, products.of(Set.of(left)));
    }

    private EntitlementRecords records(final AuthConfig.Mode mode, final String rights) {
        return new EntitlementRecords(journal, new AuthConfig(mode, null, 20, AuthConfig.OnExcess.DENY_NEW,
            AuthConfig.Quotas.NONE, new AuthConfig.Jwt(null, "issuer", null, AuthConfig.RsaAlgorithm.RS256, 0,
                new AuthConfig.Claims("products", null, null, null, null), new AuthConfig.Refresh(1, 1, 1)),
            new AuthConfig.Rights(rights, null, 1_000, 1_000)), products, clock);
    }
}
