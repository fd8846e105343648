package penstock.config.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LeaseConfigTest {
    @Test
    void shouldShareNothingUnlessMembersOfEtcdAreListed() {
        assertThat(lease("").isShared()).isFalse();
        final LeaseConfig lease = lease("lease { etcd = [\"http://a:1\", \"https://b:2/\"], key = x, name = one }");
        assertThat(lease.isShared()).isTrue();
        assertThat(lease.times()).isEqualTo(new LeaseConfig.Times(4_000, 3_000, 500));
        assertThat(lease.onQuorumLoss()).isEqualTo(LeaseConfig.OnQuorumLoss.CLOSE);
        assertThat(lease("")).isEqualTo(LeaseConfig.NONE);
    }

    @Test
    void shouldNameTheFileOfTheSecretAndNeverHaveTheSecretItself() {
        assertThat(lease("lease { user = u, password-file = p }").login().secretFile()).endsWith("p");
        assertThat(lease("lease.token-file = t").login().secretFile()).endsWith("t");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "lease.etcd = [\"etcd1:2379\"] | lease.etcd: must be addresses like https://etcd1:2379",
        "lease.etcd = [\"http://u:geheim@etcd1:2379\"] | without a path and a password",
        "lease.etcd = [\"http://etcd1:2379/v3\"] | without a path and a password",
        "lease.key = \"\" | lease.key: must be a name of 1 to 256 characters",
        "lease.name = \"a b\" | lease.name: must be 1 to 64 of",
        "lease.fence = 3500ms | fence 3500ms must be 4/5 of duration 4s at most",
        "lease.duration = 3s | fence 3s must be 4/5 of duration 3s at most",
        "lease.renew = 2s | renew 2s must be half of fence 3s at most",
        "lease.user = u | lease.user: needs password-file",
        "lease.password-file = p | lease.password-file: needs user",
        "lease { user = u, password-file = p, token-file = t } | lease.token-file: is instead of user",
        "lease { etcd = [\"http://a:1\"], tls.authorities = f } | lease.tls: has no effect",
        "lease.on-quorum-loss = maybe | must be one of close, hold"})
    void shouldRefuseWhatDoesNotFitWithPlaceAndRemedy(final String text, final String problem) {
        assertThatThrownBy(() -> lease(text)).hasMessageContaining(problem).hasMessageContaining("test.conf:2")
            .satisfies(e -> assertThat(e.getMessage()).doesNotContain("geheim"));
    }

    private static LeaseConfig lease(final String text) {
        return new RelayConfigLoader(Map.of()).loadText("test.conf", "feed.venue = binance\n" + text, List.of())
            .lease();
    }
}
