/** TLS of the floor and of the rig's clients, by the JDK's engine: what the relay through TLS is compared with. */
package penstock.bench.tls;
