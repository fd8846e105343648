package penstock.config.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EffectiveConfigTest {
    private static final String EVERY_KEY = """
        feed {
          name = null
          venue = json
          urls = ["wss://host:1/p@th?***&key=***&a=***"]
          channels = [quote]
          symbols = [A, B]
          max-topics = 50000
          headers = {X-Key = "***"}
          proxy = "http://***@proxy.test:3128"
          tls {
            authorities = null
            certificate = null
            key = null
          }
          bus {
            subject = []
            credentials-file = null
            user = null
            password-file = null
            token-file = null
          }
          linger = 30s
          max-symbols = 10000
          max-symbols-per-session = 2500
          max-symbols-per-address = 9000
          arbitrate = true
          record = null
          delayed {
            of = null
            by = 15m
          }
          options = {a = b}
          values = normalised
          symbol-names = {}
          spelling = normalised
        }
        feeds = {}
        merge = {}
        lease {
          etcd = []
          key = "penstock/ingest"
          name = null
          peers = []
          headers = {}
          duration = 4s
          fence = 3s
          renew = 500ms
          on-quorum-loss = close
          user = null
          password-file = null
          token-file = null
          tls {
            authorities = null
            certificate = null
            key = null
          }
        }
        role = standalone
        server {
          host = "127.0.0.1"
          port = 8080
          tls {
            certificate = null
            key = null
            client-authorities = null
            client-certificates = none
          }
          io-threads = 0
          send-buffer = 64k
          max-sessions = 20000
          max-frame = 256k
          host-names = []
          allowed-origins = []
          trusted-proxies = []
          proxy-protocol = false
          max-sessions-per-address = 0
          handshakes-per-second = 0
          handshakes-per-second-per-address = 0
          requests-per-second-per-address = 0
          subscriptions-per-address = 0
          symbols-per-address = 0
          public-metrics = true
          deflate = false
          warm-up = true
          drain-time = 4s
        }
        fanout {
          interval {
            default = 100ms
            min = 0
            max = 60s
          }
          journal = 64MiB
          evict-blocked-after = 20s
          heartbeat = 5s
          ping-every = 10s
          pong-within = 15s
          limits {
            subscriptions = 50
            symbols = 5000
            requests-per-second = 20
          }
        }
        limits {
          memory {
            partial-messages = 1MiB
            responses = 2MiB
            names = 3MiB
            views = 4MiB
            subscriptions = 5MiB
          }
          work-per-second = 200000
        }
        ring {
          slots = 16384
          bytes = 8MiB
        }
        auth {
          mode = none
          keys-file = null
          sessions = 20
          on-excess = deny-new
          quotas {
            handshakes-per-second = 0
            requests-per-second = 0
            work-per-second = 0
            subscriptions = 0
            symbols = 0
          }
          jwt {
            jwks = "https://login.test/keys?***"
            issuer = null
            audience = null
            rsa-algorithm = rs256
            skew = 30s
            products-claim = products
            sessions-claim = null
            display-claim = null
            quotas-claim = null
            role-claim = null
            refresh = 10m
            refetch-after = 30s
            outage-tolerance = 1h
          }
          rights {
            url = null
            token = "***"
            refresh = 60s
            grace = 10m
          }
        }
        products {
          fx {
            feeds = []
            channels = [quote]
            symbols = ["EUR*", GBPUSD]
            display = true
          }
        }
        bus {
          nats {
            url = []
            subject = "penstock.{feed}"
            name = null
            credentials-file = null
            user = null
            password-file = null
            token-file = null
            tls {
              authorities = null
              certificate = null
              key = null
            }
          }
        }
        admin {
          enabled = true
          host = "127.0.0.1"
          port = 8081
          token = "***"
          tls {
            certificate = null
            key = null
            client-authorities = null
            client-certificates = none
          }
        }
        log {
          format = text
          level = null
          levels = {}
        }
        audit {
          file = null
          one-in = 10
          lines-per-second = 20
          file-size = 16MiB
          files = 5
        }
        telemetry {
          dir = null
        }
        usage {
          dir = null
          interval = 60s
        }
        record {
          max-size = 256MiB
          max-age = 1h
          keep = 10GiB
          keep-for = 7d
          buffer = 8MiB
        }
        """;

    @Test
    void shouldPrintEveryKeyWhereTheFileHasIt() {
        assertThat(example().toHocon()).isEqualTo(EVERY_KEY);
    }

    @Test
    void shouldPrintTheSameKeysInOneLine() {
        final String oneLine = EVERY_KEY.replaceAll("(\\w) \\{\n", "$1 = {\n").replaceAll("\\{\n *", "{ ")
            .replaceAll("\n *}", " }").replaceAll("\n *", ", ");

        assertThat(example().toString()).isEqualTo("{ " + oneLine.substring(0, oneLine.length() - 2) + " }");
    }

    private static RelayConfig example() {
        return new RelayConfigLoader(Map.of()).loadText("relay.conf", """
            feed {
              venue = json
              url = "wss://host:1/p@th?SECRET&key=SECRET&a=SECRET"
              headers { X-Key = SECRET }
              proxy = "me:SECRET@proxy.test:3128"
              channels = [quote]
              symbols = [A, B]
              max-topics = 50000
              options { a = b }
              arbitrate = true
            }
            server.public-metrics = true
            limits.memory { partial-messages = 1MiB, responses = 2MiB, names = 3MiB, views = 4MiB }
            limits.memory.subscriptions = 5MiB
            products { fx { channels = [quote], symbols = ["EUR*", GBPUSD] } }
            auth.rights.token = SECRET
            auth.jwt.jwks = "https://login.test/keys?SECRET"
            admin.token = SECRET
            """, List.of());
    }
}
