import type { components } from "../generated/billing.js";
import type { Listing, PageOptions } from "../listing.js";
import { segment, type Surface } from "../surface.js";
import type { CallOptions } from "../transport.js";
import type { Price, Product } from "../types.js";

type Schema = components["schemas"];

export class Products {
  constructor(private readonly project: Surface) {}

  list(options: PageOptions & { activeOnly?: boolean } = {}, call?: CallOptions): Listing<Product> {
    return this.project.list("/products", { ...options }, (answer: Schema["ProductsAnswer"]) => answer.products, call);
  }
  async create(product: Schema["CreateProduct"], options?: CallOptions): Promise<Product> {
    return (await this.project.post<Schema["ProductAnswer"]>("/products", product, options)).product;
  }
  async get(productId: string, options?: CallOptions): Promise<Product> {
    return (await this.project.get<Schema["ProductAnswer"]>(`/products/${segment(productId)}`, {}, options)).product;
  }
  async update(productId: string, changes: Schema["UpdateProduct"], options?: CallOptions): Promise<Product> {
    return (await this.project.patch<Schema["ProductAnswer"]>(`/products/${segment(productId)}`, changes, options)).product;
  }
  /** Take a product from sale, with its prices; those who have it keep it. */
  archive(productId: string, options?: CallOptions): Promise<Schema["Success"]> {
    return this.project.delete(`/products/${segment(productId)}`, {}, options);
  }
}

export class Prices {
  constructor(private readonly project: Surface) {}

  list(productId: string, options: PageOptions & { activeOnly?: boolean } = {}, call?: CallOptions): Listing<Price> {
    const path = `/products/${segment(productId)}/prices`;
    return this.project.list(path, { ...options }, (answer: Schema["PricesAnswer"]) => answer.prices, call);
  }
  /** `unitAmount` is in minor units (2900 is $29.00). */
  async create(productId: string, price: Schema["CreatePrice"], options?: CallOptions): Promise<Price> {
    const path = `/products/${segment(productId)}/prices`;
    return (await this.project.post<Schema["PriceAnswer"]>(path, price, options)).price;
  }
  async get(priceId: string, options?: CallOptions): Promise<Price> {
    return (await this.project.get<Schema["PriceAnswer"]>(`/prices/${segment(priceId)}`, {}, options)).price;
  }
  async update(priceId: string, changes: Schema["UpdatePrice"], options?: CallOptions): Promise<Price> {
    return (await this.project.patch<Schema["PriceAnswer"]>(`/prices/${segment(priceId)}`, changes, options)).price;
  }
}
