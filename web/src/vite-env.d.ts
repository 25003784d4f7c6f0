/** What Vite makes of an import that ends in `?url`. */
declare module '*?url' {
  const address: string;
  // biome-ignore lint/style/noDefaultExport: that is how Vite exports it
  export default address;
}
