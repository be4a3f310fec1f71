/** The bundler takes stylesheets out of the script. */
declare module "*.css";
