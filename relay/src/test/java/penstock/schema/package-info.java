/** The description of the protocol for tools, held to what the relay sends and accepts. */
package penstock.schema;
